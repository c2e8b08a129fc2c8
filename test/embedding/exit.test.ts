// However a process or a thread ends: it does not wait for guests that spin, whoever else listens.
import test from 'ava';
import { INDEX, runModule } from '../support/engine.js';
import { guestPath } from '../support/sandbox.js';

/** Well below a guest's limit. */
const PROMPT_MS = 20_000;
const GUESTS = `
const { Engine } = await import(${JSON.stringify(INDEX)});
const engine = await Engine.start({ workers: 2 });
const crash = await engine.define('crash', { elf: ${JSON.stringify(guestPath('examples/crash'))} });
const loop = () => crash.call('', { fn: 'loop', timeoutMs: 86_400_000 });
for (let i = 0; i < 3; i++) loop().catch(() => {});
await new Promise((resolve) => setTimeout(resolve, 300));`;

interface Ending {
  readonly name: string;
  /** Runs before snapvm is loaded. */
  readonly before?: string;
  readonly ends: string;
  readonly code: number | null;
}

const ENDINGS: readonly Ending[] = [
  {
    name: 'an exit listener that was there first throws',
    before: "process.on('exit', () => { throw new Error('mine'); });",
    ends: 'process.exit(3);',
    code: 3,
  },
  {
    name: 'an exit listener that came later, to be first, throws',
    ends: "process.prependListener('exit', () => { throw new Error('mine'); }); process.exit(3);",
    code: 3,
  },
  {
    name: 'an exit listener calls process.exit',
    ends: "process.prependListener('exit', () => process.exit(5)); process.exit(3);",
    code: 5,
  },
  {
    name: 'exit listeners are removed',
    ends: "process.removeAllListeners('exit'); process.exit(3);",
    code: 3,
  },
  { name: 'nobody is told', ends: 'process.reallyExit(3);', code: 3 },
  {
    name: 'an exception is thrown, and again by who listens for that',
    before: "process.on('uncaughtException', () => { throw new Error('mine'); });",
    ends: "setTimeout(() => { throw new Error('first'); }); await new Promise(() => {});",
    code: 7,
  },
  {
    name: 'a promise is rejected and nobody handles it',
    ends: "Promise.reject(new Error('mine')); await new Promise(() => {});",
    code: 1,
  },
];

for (const { name, before = '', ends, code } of ENDINGS) {
  test.serial(`a process ends though ${name}`, async (t) => {
    const child = await runModule(`${before}${GUESTS}\nprocess.stdout.write('now\\n');\n${ends}`);
    t.like(child, { code, signal: null, stdout: 'now\n' });
    t.true(child.ms < PROMPT_MS, `${child.ms} ms`);
  });
}

test.serial('a thread with an engine ends when it is terminated', async (t) => {
  const child = await runModule(`
const { Worker } = await import('node:worker_threads');
const worker = new Worker(${JSON.stringify(`(async () => {${GUESTS}
require('node:worker_threads').parentPort.postMessage('spins');
})();`)}, { eval: true, execArgv: [] });
await new Promise((resolve) => worker.once('message', resolve));
process.stdout.write('now\\n');
await worker.terminate();
console.log('terminated');`);
  t.like(child, { code: 0, signal: null, stdout: 'now\nterminated\n' }, child.stderr);
  t.true(child.ms < PROMPT_MS, `${child.ms} ms`);
});

test.serial('nor does it wait for one that has a limit of CPU time too', async (t) => {
  const child = await runModule(`
const { Engine } = await import(${JSON.stringify(INDEX)});
const engine = await Engine.start({ workers: 1 });
const crash = await engine.define('crash', { elf: ${JSON.stringify(guestPath('examples/crash'))} }, { cpuMs: 80_000_000 });
crash.call('', { fn: 'loop', timeoutMs: 86_400_000 }).catch(() => {});
await new Promise((resolve) => setTimeout(resolve, 300));
process.on('exit', () => { throw new Error('mine'); });
process.stdout.write('now\\n');
process.exit(3);`);
  t.like(child, { code: 3, signal: null });
  t.true(child.ms < PROMPT_MS, `${child.ms} ms`);
});
