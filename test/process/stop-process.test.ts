// A process ends when it wants to, whatever its guests do.
import test from 'ava';
import { runChild } from '../support/engine.js';
import { guestPath } from '../support/sandbox.js';

const PROMPT_MS = 10_000;

/** Starts an engine whose workers all spin, says "now" and does what the test is about. */
function spinning(then: string): string {
  return `
const engine = await Engine.start({ workers: 2 });
const crash = await engine.define('crash', { elf: ${JSON.stringify(guestPath('examples/crash'))} });
const loop = () => crash.call('', { fn: 'loop', timeoutMs: 86_400_000 });
const calls = [loop(), loop(), loop()];
for (const call of calls) call.catch(() => {});
await new Promise((resolve) => setTimeout(resolve, 100));
process.stdout.write('now\\n');
${then}`;
}

test.serial('process.exit ends it while guests spin', async (t) => {
  const child = await runChild(spinning('process.exit(3);'));
  t.like(child, { code: 3, signal: null, stderr: '' });
  t.true(child.ms < PROMPT_MS, `${child.ms} ms`);
  t.log(`${child.ms.toFixed(0)} ms`);
});

test.serial('an uncaught exception ends it while guests spin', async (t) => {
  const child = await runChild(spinning(`throw new Error('on purpose');`));
  t.like(child, { code: 1, signal: null });
  t.regex(child.stderr, /on purpose/);
  t.true(child.ms < PROMPT_MS, `${child.ms} ms`);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGKILL'] as const) {
  test.serial(`${signal} kills it while guests spin`, async (t) => {
    const child = await runChild(spinning('await calls[0];'), (pid) => process.kill(pid, signal));
    t.like(child, { code: null, signal });
    t.true(child.ms < PROMPT_MS, `${child.ms} ms`);
  });
}

test.serial('closing the engine lets it end by itself', async (t) => {
  const child = await runChild(spinning('await engine.close(); process.exitCode = 4;'));
  t.like(child, { code: 4, signal: null, stderr: '' });
  t.true(child.ms < PROMPT_MS, `${child.ms} ms`);
});

test.serial('a call that runs keeps it alive until it has ended', async (t) => {
  const child = await runChild(`
const engine = await Engine.start({ workers: 1 });
const crash = await engine.define('crash', { elf: ${JSON.stringify(guestPath('examples/crash'))} });
process.stdout.write('now\\n');
crash.call('', { fn: 'loop', timeoutMs: 300 }).catch((error) => console.log(error.code));`);
  t.like(child, { code: 0, signal: null, stdout: 'now\nSNAPVM_CALL_TIMEOUT\n', stderr: '' });
});

test.serial('an idle engine that nobody closed keeps nothing alive', async (t) => {
  const child = await runChild(`
const engine = await Engine.start({ workers: 2 });
const echo = await engine.define('echo', { elf: ${JSON.stringify(guestPath('examples/echo'))} });
console.log(Buffer.from(await echo.call('hello')).toString());
process.stdout.write('now\\n');`);
  t.like(child, { code: 0, signal: null, stdout: 'hello\nnow\n', stderr: '' });
  t.true(child.ms < PROMPT_MS, `${child.ms} ms`);
});

test.serial('a call that waits for a new worker keeps it alive', async (t) => {
  const child = await runChild(`
const workers = [];
process.on('worker', (worker) => workers.push(worker));
const engine = await Engine.start({ workers: 1 });
const crash = await engine.define('crash', { elf: ${JSON.stringify(guestPath('examples/crash'))} });
for (let turn = 0; turn < 5; turn++) {
  const lost = crash.call('', { fn: 'loop', timeoutMs: 200 }).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 20));
  await workers.at(-1).terminate();
  await lost;
  console.log(turn, Buffer.from(await crash.call()).toString());
}`);
  t.like(child, { code: 0, stdout: '0 ok\n1 ok\n2 ok\n3 ok\n4 ok\n' });
});
