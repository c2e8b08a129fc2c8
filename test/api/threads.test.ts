// Several engines in one process, and engines in worker threads.
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { codeOf, settle, startEngine } from '../support/engine.js';
import { HOSTCALL, startHostEngine, text } from '../support/host.js';
import { guestPath, scaled } from '../support/sandbox.js';

const INDEX = new URL('../../src/index.js', import.meta.url).href;

test('engines in one process have their own functions, host functions, counts and ends', async (t) => {
  const one = await startHostEngine(t, { lookup: (input) => `one ${text(input)}` });
  const two = await startHostEngine(t, { lookup: (input) => `two ${text(input)}` }, { workers: 2 });
  const calls = Array.from({ length: scaled(200, 20) }, (_, i) =>
    Promise.all([settle(one.guest.call(`${i}`)), settle(two.guest.call(`${i}`))]),
  );
  for (const [i, answers] of (await Promise.all(calls)).entries()) {
    t.deepEqual(answers, [`one ${i}`, `two ${i}`]);
  }
  t.is(one.engine.stats().calls, calls.length);
  t.is(two.engine.stats().hostCalls, calls.length);
  await two.engine.define('only here', HOSTCALL);
  t.is(one.engine.get('only here'), undefined);
  await two.engine.close();
  t.is(await settle(one.guest.call('still')), 'one still');
  t.is(await codeOf(two.guest.call('x')), 'SNAPVM_ENGINE_CLOSED');
});

test('a host function of one engine may call another engine, and that one back', async (t) => {
  let back: ((input: string) => Promise<Uint8Array>) | undefined;
  const two = await startHostEngine(t, { lookup: async (input) => back?.(`back ${text(input)}`) });
  const one = await startHostEngine(t, {
    lookup: (input) => (text(input).startsWith('back') ? `${text(input)}!` : two.guest.call(input)),
  });
  back = (input) => one.guest.call(input);
  const calls = Array.from({ length: 20 }, (_, i) => settle(one.guest.call(`${i}`)));
  t.deepEqual(
    await Promise.all(calls),
    Array.from({ length: 20 }, (_, i) => `back ${i}!`),
  );
});

/** Runs a module in a worker thread that finds `Engine` imported, and gives what it posts. */
async function inThread(source: string): Promise<{ readonly posted: unknown[]; readonly exit: number }> {
  const code = `import { parentPort } from 'node:worker_threads';
    import { Engine } from ${JSON.stringify(INDEX)};
    const post = (value) => parentPort.postMessage(value);
    const code = (call) => call.then((bytes) => Buffer.from(bytes).toString(), (error) => error.code);
    ${source}`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`));
  const posted: unknown[] = [];
  worker.on('message', (value) => posted.push(value));
  const exit = await new Promise<number>((resolve, reject) => {
    worker.once('error', reject);
    worker.once('exit', resolve);
  });
  return { posted, exit };
}

const ELF = JSON.stringify(guestPath('examples/hostcall'));
const START = `const engine = await Engine.start({ workers: 1, hostFunctions: { lookup: (input) => input } });
  const guest = await engine.define('guest', { elf: ${ELF} }, { hostFunctions: ['lookup'], timeoutMs: 60000 });`;

test('an engine works in a worker thread: calls, host functions, limits, aborts, many, the end', async (t) => {
  const { posted, exit } = await inThread(`${START}
    post(await code(guest.call('hello')));
    post(await code(guest.call('x', { fn: 'hang', timeoutMs: 100 })));
    post(await code(guest.call('x', { fn: 'hang', signal: AbortSignal.timeout(50) })));
    post(await code(guest.call('50', { fn: 'times' })));
    let count = 0;
    for await (const answer of guest.callMany(Array.from({ length: 100 }, (_, i) => String(i)))) {
      if (Buffer.from(answer).toString() === String(count)) count++;
    }
    post(count);
    await engine.close();
    post(await code(guest.call('x')));`);
  t.deepEqual(posted, [
    'hello',
    'SNAPVM_CALL_TIMEOUT',
    'SNAPVM_CALL_ABORTED',
    '50',
    100,
    'SNAPVM_ENGINE_CLOSED',
  ]);
  t.is(exit, 0);
});

test('an idle engine does not keep its thread alive, and a thread may exit with calls on their way', async (t) => {
  const { guest } = await startHostEngine(t, { lookup: (input) => input });
  t.deepEqual(await inThread(`${START} post(await code(guest.call('idle')));`), {
    posted: ['idle'],
    exit: 0,
  });
  const busy = await inThread(`${START}
    guest.call('x', { fn: 'hang' }).catch(() => {});
    post(await code(engine.call('guest', 'ping', { fn: 'no such function' })));
    setTimeout(() => process.exit(3), 50);`);
  t.deepEqual(busy, { posted: ['SNAPVM_CALL_FUNCTION'], exit: 3 });
  t.is(await settle(guest.call('this thread goes on')), 'this thread goes on');
});

test('engines in several threads and in this one run at once', async (t) => {
  const engine = await startEngine(t, { workers: 1, hostFunctions: { lookup: (input) => input } });
  const guest = await engine.define('guest', HOSTCALL, { hostFunctions: ['lookup'], timeoutMs: 60_000 });
  const source = `${START}
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => code(guest.call(String(i)))));
    post(answers.every((answer, i) => answer === String(i)));
    await engine.close();`;
  const threads = Array.from({ length: scaled(3) }, () => inThread(source));
  const here = Array.from({ length: 100 }, (_, i) => settle(guest.call(`${i}`)));
  t.deepEqual(
    await Promise.all(here),
    here.map((_, i) => `${i}`),
  );
  for (const { posted, exit } of await Promise.all(threads))
    t.deepEqual({ posted, exit }, { posted: [true], exit: 0 });
});
