// What an engine tells its listeners and its logger, and that neither can break a call.
import test from 'ava';
import type { EngineEvents } from '../../src/index.js';
import { codeOf, eventually, runChild, settle, startEngine, terminateThread } from '../support/engine.js';
import { errorOf, forever, type Gate, gate, keepLines, startHostEngine } from '../support/host.js';
import { guestPath, UNDER_QEMU } from '../support/sandbox.js';

const CRASH = { elf: guestPath('examples/crash') };

async function startCrash(t: Parameters<typeof startEngine>[0]) {
  const engine = await startEngine(t, { workers: 1 });
  const crash = await engine.define('crash', CRASH);
  const told: EngineEvents['functionPoisoned'][0][] = [];
  engine.on('functionPoisoned', (about) => told.push(about));
  const calls = async (count: number, fn: string): Promise<void> => {
    for (let i = 0; i < count; i++) await codeOf(crash.call('', { fn }));
  };
  return { engine, crash, told, calls };
}

test('functionPoisoned: at 10, 100, 1,000 calls in a row that broke the guest', async (t) => {
  const { told, calls } = await startCrash(t);
  await calls(9, 'null_write');
  t.deepEqual(told, []);
  await calls(1, 'abort_code');
  t.is(told.length, 1);
  t.like(told[0], { function: 'crash', inRow: 10, error: { code: 'SNAPVM_GUEST_ABORT' } } as never);
  if (UNDER_QEMU) return;
  await calls(89, 'divide');
  t.is(told.length, 1);
  await calls(1, 'divide');
  t.deepEqual(
    told.map(({ inRow }) => inRow),
    [10, 100],
  );
  await calls(900, 'divide');
  t.deepEqual(
    told.map(({ inRow }) => inRow),
    [10, 100, 1000],
  );
});

test('functionPoisoned: an answer begins the count again, a handler that fails and an abort do not count', async (t) => {
  const { crash, told, calls } = await startCrash(t);
  await calls(9, 'null_write');
  await calls(1, 'ok');
  await calls(9, 'null_write');
  t.deepEqual(told, []);
  // 9 so far: none of these is the tenth.
  await calls(5, 'big_output');
  for (let i = 0; i < 5; i++) {
    const controller = new AbortController();
    const call = codeOf(crash.call('', { fn: 'loop', timeoutMs: 60_000, signal: controller.signal }));
    setTimeout(() => controller.abort(), 10);
    t.is(await call, 'SNAPVM_CALL_ABORTED');
  }
  await codeOf(crash.call('', { fn: 'no such function' }));
  t.deepEqual(told, []);
  await calls(1, 'null_write');
  t.deepEqual(
    told.map(({ inRow }) => inRow),
    [10],
  );
});

test('functionPoisoned: a definition anew begins the count again', async (t) => {
  const { engine, told, calls } = await startCrash(t);
  await calls(9, 'null_write');
  await engine.define('crash', CRASH);
  await calls(9, 'null_write');
  t.deepEqual(told, []);
  await calls(1, 'null_write');
  t.is(told.length, 1);
});

test('queueFull: once, and again when half of the queue was free meanwhile', async (t) => {
  let gates: Gate<string>[] = [];
  const { engine, guest } = await startHostEngine(
    t,
    {
      lookup: () => {
        const waits = gate<string>();
        gates.push(waits);
        return waits.promise;
      },
    },
    { maxQueue: 9 },
  );
  const told: EngineEvents['queueFull'][0][] = [];
  engine.on('queueFull', (about) => told.push(about));
  const fill = async (): Promise<void> => {
    const { pending } = engine.stats();
    for (let i = pending; i < 10; i++) void guest.call('x').catch(() => t.fail('a call failed'));
    t.true(await eventually(() => gates.length === 10));
    for (let i = 0; i < 3; i++) {
      const error = await errorOf(t, guest.call('x'));
      t.is(error.code, 'SNAPVM_ENGINE_QUEUE_FULL');
      t.regex(error.message, /^9 calls wait already/);
      t.like(error.details, { maxQueue: 9 });
    }
  };
  const end = async (count: number): Promise<void> => {
    for (const waits of gates.slice(0, count)) waits.open('x');
    gates = gates.slice(count);
    t.true(await eventually(() => engine.stats().pending === gates.length));
  };
  await fill();
  t.deepEqual(told, [{ maxQueue: 9 }]);
  await end(4);
  await fill();
  t.is(told.length, 1, 'six of ten were pending still');
  await end(6);
  await fill();
  t.is(told.length, 2);
  await end(10);
  t.is(engine.stats().pending, 0);
});

test('workerReplaced: with the thread that died, and how many calls it had', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const told: EngineEvents['workerReplaced'][0][] = [];
  engine.on('workerReplaced', (about) => told.push(about));
  const [thread = 0] = engine.threadIds;
  await terminateThread(thread);
  t.true(await eventually(() => told.length === 1 && engine.workers === 2));
  t.deepEqual(told, [{ threadId: thread, calls: 0 }]);
  t.is(engine.stats().workersReplaced, 1);
  await engine.close();
  t.is(told.length, 1, 'closing replaces nobody');
});

test('a listener may use the engine', async (t) => {
  const { engine, crash, calls } = await startCrash(t);
  const answers: unknown[] = [];
  engine.once('functionPoisoned', ({ function: name }) => {
    answers.push(settle(crash.call()));
    answers.push(engine.undefine(name));
  });
  await calls(10, 'null_write');
  t.deepEqual(await Promise.all(answers), ['ok', undefined]);
  t.deepEqual(engine.list(), []);
});

const HOSTCALL = JSON.stringify(guestPath('examples/hostcall'));
const CATCH = `const caught = []; process.on('uncaughtException', (error) => caught.push(error.message));
  process.on('unhandledRejection', (error) => caught.push('unhandled ' + error.message));
  const code = (call) => call.then((bytes) => Buffer.from(bytes).toString(), (error) => error.code ?? error.message);
  const say = (...what) => console.log(JSON.stringify(what));
  const turn = () => new Promise((resolve) => setImmediate(resolve));`;

test('what a listener throws is an uncaught exception, and no call is lost or changed by it', async (t) => {
  const { stdout, code, stderr } = await runChild(`${CATCH}
    const engine = await Engine.start({ workers: 1, maxQueue: 0, hostFunctions: { lookup: () => new Promise(() => {}) } });
    for (const name of ['functionPoisoned', 'queueFull', 'workerReplaced'])
      engine.on(name, () => { throw new Error('listener of ' + name); });
    const guest = await engine.define('guest', { elf: ${HOSTCALL} }, { hostFunctions: ['lookup'], timeoutMs: 60000 });
    const crash = await engine.define('crash', { elf: ${JSON.stringify(guestPath('examples/crash'))} });
    const codes = new Set();
    for (let i = 0; i < 10; i++) codes.add(await code(crash.call('', { fn: 'null_write' })));
    say(...codes, ...caught.splice(0));
    const stop = new AbortController();
    const waits = code(guest.call('x', { signal: stop.signal }));
    say(await code(guest.call('x')));
    await turn();
    say(...caught.splice(0));
    stop.abort();
    say(await waits, await code(guest.call('x', { fn: 'say' })), engine.stats().pending);
    await engine.close();
    say(...caught);`);
  t.deepEqual(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    [
      ['SNAPVM_GUEST_FAULT', 'listener of functionPoisoned'],
      ['SNAPVM_ENGINE_QUEUE_FULL'],
      ['listener of queueFull'],
      ['SNAPVM_CALL_ABORTED', 'said', 0],
      [],
    ],
    stderr,
  );
  t.is(code, 0);
});

test('what a logger throws is an uncaught exception, and no call is lost or changed by it', async (t) => {
  const { stdout, code, stderr } = await runChild(`${CATCH}
    const broken = () => { throw new Error('the disk is full'); };
    const engine = await Engine.start({
      workers: 1,
      logger: { error: broken, warn: broken, info: broken, debug: broken, trace: broken },
      hostFunctions: { lookup: () => { throw new Error('host'); } },
    });
    const guest = await engine.define('guest', { elf: ${HOSTCALL} }, { hostFunctions: ['lookup'], logLevel: 5 });
    say(await code(guest.call('x', { fn: 'say' })));
    await turn();
    say(...caught.splice(0));
    say(await code(guest.call('x')));
    await turn();
    say(...caught.splice(0));
    say(engine.stats().errors, engine.stats().calls);
    await engine.close();`);
  t.deepEqual(
    stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
    [['said'], ['the disk is full'], ['failed'], ['the disk is full'], [{}, 2]],
    stderr,
  );
  t.is(code, 0);
});

test('log lines of calls carry whose they are, also of calls that fail or are stopped', async (t) => {
  const { lines, logger } = keepLines();
  const controller = new AbortController();
  const { engine, guest } = await startHostEngine(
    t,
    {
      lookup: (input) => {
        if (input.length === 1) return 'x';
        controller.abort();
        return forever();
      },
    },
    { logger },
    { logLevel: 4 },
  );
  await guest.call('1', { fn: 'many' });
  t.deepEqual(lines, [
    { level: 'debug', fields: { function: 'guest', fn: 'many', call: 1 }, text: 'turn 1 of 1' },
  ]);
  lines.length = 0;
  // Nine turns have one digit; at the tenth the call is stopped.
  const error = await errorOf(t, guest.call('10', { fn: 'many', signal: controller.signal }));
  t.is(error.code, 'SNAPVM_CALL_ABORTED');
  // A worker that takes long to say that it stopped is not waited for; what was logged comes when it does.
  t.true(await eventually(() => lines.length === 9));
  t.deepEqual(
    lines.map(({ text }) => text),
    Array.from({ length: 9 }, (_, i) => `turn ${i + 1} of 10`),
  );
  const { call } = error.details;
  t.is(call, 2);
  for (const { fields } of lines) t.deepEqual(fields, { function: 'guest', fn: 'many', call });
  lines.length = 0;
  const other = await engine.define('other', { elf: guestPath('examples/hostcall') });
  await Promise.all([other.call('a', { fn: 'say' }), guest.call('b', { fn: 'say' })]);
  t.deepEqual(lines.map(({ fields, text }) => [fields['function'], fields['call'], text]).sort(), [
    ['guest', 4, 'b'],
    ['other', 3, 'a'],
  ]);
});
