// Inside a program that fakes timers, or other globals: calls, definitions and the end go on by the real ones.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { Doorbell } from '../../src/pool/doorbell.js';
import { MAIN_DOORBELL } from '../../src/wire/ring.js';
import { eventually, INDEX, runModule } from '../support/engine.js';
import { guestPath } from '../support/sandbox.js';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const FAKE_TIMERS = new URL(
  '../../../node_modules/@sinonjs/fake-timers/src/fake-timers-src.js',
  import.meta.url,
).href;
const ALL = [
  ...['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'],
  ...['Date', 'hrtime', 'performance', 'nextTick', 'queueMicrotask'],
];

function isGlobal(name: string): boolean {
  return name in globalThis && name !== 'Date' && name !== 'performance';
}

/** All that an engine does, a word on standard output for each thing done; then "end". */
const LIFE = `
const { Engine } = await import(${JSON.stringify(INDEX)});
FAKE_LATE
const { writeSync } = await import('node:fs');
const say = (word) => writeSync(1, word + '\\n');
// Node tells of new workers by process.nextTick, so they are seen when they are sent something.
const workers = [];
const { Worker } = await import('node:worker_threads');
const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (...message) {
  workers.push(this);
  return postMessage.apply(this, message);
};
const hostFunctions = { lookup: async () => 'found' };
const engine = await Engine.start({ workers: 1, hostFunctions });
engine.on('workerReplaced', () => say('replaced'));
const elf = ${JSON.stringify(guestPath('examples/echo'))};
const echo = await engine.define('echo', { elf });
for (let i = 0; i < 200; i++) await echo.call('x');
await Promise.all(Array.from({ length: 100 }, () => echo.call('x')));
await Promise.all([1, 2, 3].map((n) => engine.define('echo' + n, { elf })));
say('called');
const crash = await engine.define('crash', { elf: ${JSON.stringify(guestPath('examples/crash'))} });
await crash.call('', { fn: 'loop', deadlineMs: 100 }).catch((error) => say(error.code));
await crash.call('', { fn: 'loop', timeoutMs: 100 }).catch((error) => say(error.code));
const js = 'export default async () => host.lookup(1);';
say(await (await engine.define('js', { js }, { hostFunctions: ['lookup'] })).call());
await workers[0].terminate();
say(Buffer.from(await echo.call('again')).toString());
await engine.undefine('echo1');
await engine.close();
say('end');
process.reallyExit(0);`;
const DONE = 'called\nSNAPVM_CALL_DEADLINE\nSNAPVM_CALL_TIMEOUT\nfound\nreplaced\nagain\nend\n';

async function lives(t: ExecutionContext, fake: string, when: 'before' | 'after'): Promise<void> {
  const source =
    when === 'before' ? `${fake}${LIFE.replace('FAKE_LATE', '')}` : LIFE.replace('FAKE_LATE', fake);
  const child = await runModule(source);
  t.is(child.stdout, DONE, child.stderr);
}

function faked(names: readonly string[]): string {
  return `
const fakes = (await import(${JSON.stringify(FAKE_TIMERS)})).default;
fakes.install({ toFake: ${JSON.stringify(names)} });
setTimeout(() => { throw new Error('the timers are real'); }, 0);
`;
}

test.serial('an engine lives while all timers are faked', (t) => lives(t, faked(ALL), 'after'));
// As jest fakes them: in the globals that it gives to tests, and nowhere else.
test.serial('and when the globals were faked before it was loaded', (t) =>
  lives(
    t,
    ALL.filter(isGlobal)
      .map((name) => `globalThis.${name} = () => {};`)
      .join('\n'),
    'before',
  ),
);
test.serial('Math.random may be a constant', (t) => lives(t, 'Math.random = () => 0.5;', 'after'));
test.serial('clocks may stand still', (t) =>
  lives(t, 'Date.now = performance.now = () => 5; process.hrtime = () => [5, 5];', 'after'),
);
test.serial('AbortSignal.timeout and structuredClone may be gone', (t) =>
  lives(t, 'delete AbortSignal.timeout; delete AbortSignal.any; delete globalThis.structuredClone;', 'after'),
);
test.serial('Promise may be somebody else’s', (t) =>
  lives(t, 'globalThis.Promise = class Mine extends Promise {};', 'after'),
);

// When the answer comes just before it sleeps, nobody wakes it.
test.serial('a faked queueMicrotask does not keep the main thread from an answer', async (t) => {
  const real = globalThis.queueMicrotask;
  globalThis.queueMicrotask = () => {};
  t.teardown(() => {
    globalThis.queueMicrotask = real;
  });
  let drained = 0;
  const doorbell = new Doorbell(
    () => {
      drained += 1;
      return false;
    },
    () => false,
    () => {
      Atomics.add(new Int32Array(doorbell.memory), MAIN_DOORBELL.answers, 1);
      return Number.POSITIVE_INFINITY;
    },
  );
  doorbell.watch();
  t.true(await eventually(() => drained === 1, 10));
});

// biome.json refuses the globals themselves.
test('what can be faked is used in src/base/globals.ts alone', (t) => {
  const fakeable =
    /\b(?:process\.(?:hrtime|nextTick|uptime)|Date\.now|new Date|AbortSignal\.(?:timeout|any)|Math\.random|globalThis)\b/;
  const files = ['src', 'workers'].flatMap((folder) =>
    readdirSync(join(PROJECT, folder), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(folder, name),
    ),
  );
  // The code for values is the guest's too: it takes what it uses when it is loaded. The platform's names are a guest's.
  const elsewhere = /^src\/(?:cli\/|client\/|base\/globals|guests\/js\/(?:clone\/|platform\.ts))/;
  const sources = files.filter((name) => /\.c?ts$/.test(name) && !elsewhere.test(name));
  t.true(sources.length > 80);
  const using = sources.filter((name) =>
    fakeable.test(withoutComments(readFileSync(join(PROJECT, name), 'utf8'))),
  );
  t.deepEqual(using, []);
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
}
