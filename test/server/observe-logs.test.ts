// Where the lines of guests go: pino, the last of each function, and those who follow them.
import { Writable } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import { pino } from 'pino';
import { Engine } from '../../src/index.js';
import { GuestLogs, type ParentLogger } from '../../src/server/observe/guest-logs.js';
import type { LogFollower } from '../../src/server/observe/log-follower.js';

const SILENT: ParentLogger = {
  child: () => ({ error() {}, warn() {}, info() {}, debug() {}, trace() {} }),
};

function pinoLines(): { parent: ParentLogger; lines: Record<string, unknown>[]; texts: string[] } {
  const texts: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      texts.push(chunk.toString());
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { parent: pino({ level: 'trace' }, stream), lines, texts };
}

function write(logs: GuestLogs, name: string, text: string, tenant = 'acme'): void {
  logs.logger({ tenant, function: name, requestId: 'r' }).info({}, text);
}

function texts(logs: GuestLogs, name: string, tenant = 'acme'): string[] {
  return logs.lines(tenant, name).map(({ text }) => text);
}

async function read(follower: LogFollower): Promise<string[]> {
  const read: string[] = [];
  for await (const { text } of follower) read.push(text);
  return read;
}

test('a guest’s lines go to pino with tenant, function, fn and request, and are kept', async (t) => {
  const { parent, lines, texts: raw } = pinoLines();
  const logs = new GuestLogs(parent);
  const engine = await Engine.start({ logger: pino({ enabled: false }), workers: 1 });
  t.teardown(() => engine.close());
  const js = 'export default (x) => { console.warn("odd: " + x); console.log("fine\\u001b[31m"); };';
  const handle = await engine.define('acme/greet@1', { js }, { logLevel: 5 });
  const logger = logs.logger({ tenant: 'acme', function: 'greet', fn: 'default', requestId: 'r1' });
  await handle.call('x', { logger });
  const [odd, fine] = lines;
  t.like(odd, {
    level: 40,
    tenant: 'acme',
    function: 'greet',
    fn: 'default',
    requestId: 'r1',
    msg: 'odd: x',
  });
  t.is(typeof odd?.['call'], 'number');
  t.is(fine?.['msg'], 'fine\\u001b[31m');
  for (const text of raw) {
    for (const field of ['function', 'fn', 'tenant']) t.is(text.split(`"${field}":`).length, 2, text);
  }
  const kept = logs.lines('acme', 'greet');
  t.like(kept[0], { level: 'warn', text: 'odd: x', fn: 'default', requestId: 'r1' });
  t.is(kept[1]?.text, 'fine\\u001b[31m');
  t.is(kept.length, 2);
});

test('what a host function threw goes to pino, and not to the tenant', async (t) => {
  const { parent, lines } = pinoLines();
  const logs = new GuestLogs(parent);
  const engine = await Engine.start({
    logger: pino({ enabled: false }),
    workers: 1,
    hostFunctions: {
      lookup() {
        throw new Error('password of the database');
      },
    },
  });
  t.teardown(() => engine.close());
  const js = 'export default async () => { try { await host.lookup() } catch { return 1 } }';
  const handle = await engine.define('f', { js }, { hostFunctions: ['lookup'] });
  t.is(
    await handle.call(undefined, { logger: logs.logger({ tenant: 'acme', function: 'f', requestId: 'r' }) }),
    1,
  );
  t.like(lines[0], { hostFunction: 'lookup', err: { message: 'password of the database' } });
  t.deepEqual(texts(logs, 'f'), ['the host function failed']);
  t.false(JSON.stringify(logs.lines('acme', 'f')).includes('password'));
});

test('a call without lines makes no child', (t) => {
  let children = 0;
  const logs = new GuestLogs({
    child() {
      children += 1;
      return SILENT.child({});
    },
  });
  const logger = logs.logger({ tenant: 'acme', function: 'f', requestId: 'r' });
  t.is(children, 0);
  for (const level of ['error', 'warn', 'info', 'debug', 'trace'] as const) logger[level]({}, level);
  t.is(children, 1);
  t.deepEqual(
    logs.lines('acme', 'f').map(({ level, text }) => [level, text]),
    ['error', 'warn', 'info', 'debug', 'trace'].map((level) => [level, level]),
  );
});

test('of a function the last 200 lines are kept, and no more than 64 KiB', (t) => {
  const logs = new GuestLogs(SILENT);
  for (let i = 0; i < 1000; i++) write(logs, 'many', `${i}`);
  t.deepEqual(
    texts(logs, 'many'),
    Array.from({ length: 200 }, (_, i) => `${800 + i}`),
  );

  for (let i = 0; i < 100; i++) write(logs, 'long', `${i}`.padEnd(1000, '.'));
  const long = texts(logs, 'long');
  t.true(long.length > 10 && long.length * 1000 <= 65_536);
  t.true(long.at(-1)?.startsWith('99'));

  write(logs, 'giant', 'x'.repeat(1e6));
  const [giant] = texts(logs, 'giant');
  t.is(giant, `${'x'.repeat(16_384)}…`);
});

test('tenants and functions have lines of their own, whatever their names', (t) => {
  const logs = new GuestLogs(SILENT);
  write(logs, 'constructor', 'one');
  write(logs, '__proto__', 'two');
  write(logs, 'constructor', 'three', '__proto__');
  t.deepEqual(texts(logs, 'constructor'), ['one']);
  t.deepEqual(texts(logs, '__proto__'), ['two']);
  t.deepEqual(texts(logs, 'constructor', '__proto__'), ['three']);
  t.deepEqual(texts(logs, 'toString'), []);
});

test('the lines of 256 functions of a tenant are kept, of those that wrote last', (t) => {
  const logs = new GuestLogs(SILENT);
  write(logs, 'f0', 'quiet', 'quiet');
  for (let i = 0; i < 256; i++) write(logs, `f${i}`, 'x');
  write(logs, 'f0', 'again');
  write(logs, 'one more', 'x');
  t.deepEqual(texts(logs, 'f0'), ['x', 'again']);
  t.deepEqual(texts(logs, 'f1'), []);
  t.deepEqual(texts(logs, 'f2'), ['x']);
  t.deepEqual(texts(logs, 'f0', 'quiet'), ['quiet']);
});

test('who follows a function gets its lines as they come, until the function is removed', async (t) => {
  const logs = new GuestLogs(SILENT);
  write(logs, 'f', 'before');
  const follower = logs.follow('acme', 'f');
  const all = read(follower);
  write(logs, 'f', 'one');
  write(logs, 'g', 'another');
  await new Promise(setImmediate); // it waits for a line now
  write(logs, 'f', 'two');
  logs.functionRemoved('acme', 'f');
  t.deepEqual(await all, ['one', 'two']);
  t.false(follower.isDropped);
  t.deepEqual(texts(logs, 'f'), []);
});

test('who reads too slowly gets no more, and the others do', async (t) => {
  const logs = new GuestLogs(SILENT);
  const [slow, quick] = [logs.follow('acme', 'f'), logs.follow('acme', 'f')];
  const all = read(quick);
  for (let i = 0; i < 6000; i++) {
    write(logs, 'f', `${i}`);
    if (i % 1000 === 0) await new Promise(setImmediate);
  }
  t.true(slow.isDropped);
  t.false(quick.isDropped);
  t.true((await read(slow)).length <= 4096); // what waited, and then the end
  logs.close();
  t.is((await all).length, 6000);
});

test('a follower that was left, closed or dropped makes room for another', async (t) => {
  const logs = new GuestLogs(SILENT);
  const followers = Array.from({ length: 32 }, (_, i) => logs.follow('acme', `f${i % 3}`));
  const full = (t: ExecutionContext): void => {
    const error = t.throws(() => logs.follow('acme', 'f'), { code: 'SNAPVM_SERVER_QUOTA' });
    t.like(error, { details: { quota: 'logFollowers', retryAfterSeconds: 1 } });
  };
  full(t);
  t.notThrows(() => logs.follow('globex', 'f'));
  followers[0]?.close();
  followers[0]?.close();
  followers[0] = logs.follow('acme', 'f0');
  full(t);
  const reading = (async () => {
    for await (const { text } of followers[1] ?? []) return text;
    return undefined;
  })();
  write(logs, 'f1', 'one');
  t.is(await reading, 'one');
  logs.follow('acme', 'f1');
  full(t);
  for (let i = 0; i < 5000; i++) write(logs, 'f2', 'x');
  t.notThrows(() => logs.follow('acme', 'f2'));
});
