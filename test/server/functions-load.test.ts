// What is defined in the engine: when it is called, no longer than it is used, and never taken from under a call.
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import type { Engine } from '../../src/index.js';
import { startEngine } from '../support/engine.js';
import {
  call,
  callOf,
  deployMany,
  deployment,
  giving,
  js,
  openFunctions,
  reopen,
  TENANT,
} from '../support/functions.js';
import { gate } from '../support/host.js';
import { errorOf } from '../support/js.js';

function defined(engine: Engine): string[] {
  return engine
    .list()
    .map(({ name }) => name.slice(TENANT.length + 1))
    .sort();
}

/** Counts what an engine is asked to define. */
function countDefinitions(engine: Engine): Map<string, number> {
  const counts = new Map<string, number>();
  const define = engine.define.bind(engine) as (name: string, ...rest: unknown[]) => Promise<unknown>;
  const counting = (name: string, ...rest: unknown[]): Promise<unknown> => {
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return define(name, ...rest);
  };
  Object.defineProperty(engine, 'define', { value: counting });
  return counts;
}

test('after a restart a version is defined by its first call: once, for many at a time', async (t) => {
  const server = await openFunctions(t);
  await deployMany(server.functions, 'f', 2);
  const { engine, functions } = await reopen(server, t);
  t.deepEqual(defined(engine), []);
  const counts = countDefinitions(engine);
  const answers = await Promise.all(Array.from({ length: 20 }, () => call(functions, 'f')));
  t.deepEqual(answers, Array(20).fill(2));
  t.deepEqual(counts, new Map([[`${TENANT}/f@2`, 1]]));
  await functions.deploy(deployment('f', giving(3)));
  await call(functions, 'f');
  t.deepEqual(
    counts,
    new Map([
      [`${TENANT}/f@2`, 1],
      [`${TENANT}/f@3`, 1],
    ]),
  );
});

test('after a restart with many callers few are defined at a time', async (t) => {
  const server = await openFunctions(t);
  const names = Array.from({ length: 12 }, (_, at) => `f${at}`);
  for (const name of names) await server.functions.deploy(deployment(name, giving(name)));
  const { engine, functions } = await reopen(server, t);
  const running = { now: 0, most: 0 };
  const define = engine.define.bind(engine) as (...given: unknown[]) => Promise<unknown>;
  const counting = async (...given: unknown[]): Promise<unknown> => {
    running.now += 1;
    running.most = Math.max(running.most, running.now);
    try {
      return await define(...given);
    } finally {
      running.now -= 1;
    }
  };
  Object.defineProperty(engine, 'define', { value: counting });
  t.deepEqual(await Promise.all(names.map((name) => call(functions, name))), names);
  t.true(running.most > 1 && running.most <= 8, `${running.most}`);
});

test('those called longest ago are undefined when there are too many, and defined again when called', async (t) => {
  const { engine, functions } = await openFunctions(t, { maxDefined: 2 });
  for (const name of ['a', 'b']) await functions.deploy(deployment(name, giving(name)));
  await call(functions, 'a');
  await functions.deploy(deployment('c', giving('c')));
  t.deepEqual(defined(engine), ['a@1', 'c@1']);
  t.is(await call(functions, 'b'), 'b');
  t.deepEqual(defined(engine), ['b@1', 'c@1']);
});

test('a version in use is not undefined before its last release', async (t) => {
  const { engine, functions } = await openFunctions(t, { maxDefined: 1 });
  await functions.deploy(deployment('a', giving('a')));
  const [one, other] = [await functions.select(TENANT, 'a'), await functions.select(TENANT, 'a')];
  await functions.deploy(deployment('b', giving('b')));
  await call(functions, 'b');
  one.release();
  one.release(); // counts once
  await functions.deploy(deployment('c', giving('c')));
  t.is(await other.handle.call(), 'a');
  t.true(defined(engine).includes('a@1'));
  other.release();
  await call(functions, 'c');
  t.deepEqual(defined(engine), ['c@1']);
});

test('a definition that fails fails for all who wait for it, and is tried again by the next', async (t) => {
  const server = await openFunctions(t);
  await server.functions.deploy(deployment('f', giving(7)));
  const { engine, functions, directory } = await reopen(server, t);
  const folder = join(directory, 'sources');
  const [name = ''] = readdirSync(folder);
  rmSync(join(folder, name));
  const counts = countDefinitions(engine);
  const codes = await Promise.all([1, 2, 3].map(async () => (await errorOf(call(functions, 'f'))).code));
  t.deepEqual(codes, Array(3).fill('SNAPVM_SERVER_DIRECTORY'));
  writeFileSync(join(folder, name), giving(7).body);
  t.is(await call(functions, 'f'), 7);
  t.is(counts.size, 1);
});

test('remove lets calls end that were made, and none be made', async (t) => {
  const entered = gate();
  const leave = gate<string>();
  const hostFunctions = {
    wait: async (): Promise<string> => {
      entered.open();
      return await leave.promise;
    },
  };
  const engine = await startEngine(t, { workers: 1, hostFunctions });
  const { functions } = await openFunctions(t, { engine });
  const source = js('export default async () => await host.wait();');
  const policy = { timeoutMs: 60_000, hostFunctions: ['wait'] };
  await functions.deploy(deployment('f', source, { policy }));
  const events: string[] = [];
  const called = call(functions, 'f').then((answer) => events.push(`answered ${answer}`));
  await entered.promise;
  const chosen = await functions.select(TENANT, 'f');
  const removed = functions.remove(TENANT, 'f').then(() => events.push('removed'));
  const deployed = functions.deploy(deployment('f', giving('new'))).then(() => events.push('deployed'));
  // Taken out at once: what asks from now on, but for the turn that writes it, finds nothing.
  while (functions.list(TENANT, { limit: 1 }).functions.length > 0)
    await new Promise((resolve) => setImmediate(resolve));
  t.is((await errorOf(functions.select(TENANT, 'f'))).code, 'SNAPVM_SERVER_UNKNOWN');
  leave.open('well');
  await called;
  t.is(await chosen.handle.call(), 'well');
  events.push('released');
  chosen.release();
  await Promise.all([removed, deployed]);
  t.deepEqual(events, ['answered well', 'released', 'removed', 'deployed']);
  t.is(await call(functions, 'f'), 'new');
  t.deepEqual(defined(engine), ['f@1']);
});

test('no call fails while versions and aliases change under it', async (t) => {
  const { engine, functions } = await openFunctions(t, { maxDefined: 2 });
  await deployMany(functions, 'f', 1);
  await functions.setAlias(TENANT, 'f', 'canary', [{ version: '1', weight: 100 }]);
  let isOver = false;
  const counts = { calls: 0, versions: new Set<unknown>() };
  const caller = async (alias: string): Promise<void> => {
    while (!isOver) {
      const selected = await functions.select(TENANT, 'f', { alias });
      const answer = await callOf(Promise.resolve(selected));
      t.is(answer, selected.version.revision);
      counts.calls += 1;
      counts.versions.add(answer);
    }
  };
  const callers = ['live', 'live', 'canary', 'canary'].map(caller);
  for (let at = 2; at <= 12; at++) {
    await functions.deploy(deployment('f', giving(at)));
    const split = [
      { version: '1', weight: 50 },
      { version: `${at}`, weight: 50 },
    ] as const;
    await functions.setAlias(TENANT, 'f', 'canary', split);
    if (at % 3 === 0) await functions.rollback(TENANT, 'f');
    for (const before = counts.calls; counts.calls < before + 8; )
      await new Promise((resolve) => setImmediate(resolve));
  }
  isOver = true;
  await Promise.all(callers);
  t.true(counts.versions.size > 3, `${[...counts.versions]}`);
  await functions.remove(TENANT, 'f');
  t.deepEqual(defined(engine), []);
});

test('versions that were forgotten are undefined, and their sources removed', async (t) => {
  const { engine, functions, directory } = await openFunctions(t);
  for (let at = 1; at <= 101; at++) {
    const source = { ...giving(at % 2), body: Buffer.concat([giving(at % 2).body, Buffer.from(`// ${at}`)]) };
    await functions.deploy(deployment('f', source, { policy: { timeoutMs: at } }));
  }
  const forgotten = (): boolean =>
    !defined(engine).includes('f@1') && readdirSync(join(directory, 'sources')).length === 100;
  while (!forgotten()) await new Promise((resolve) => setImmediate(resolve));
  t.is(defined(engine).length, 100);
  await functions.remove(TENANT, 'f');
  t.deepEqual(readdirSync(join(directory, 'sources')), []);
  t.deepEqual(defined(engine), []);
});

test('a call of a version that was forgotten goes on, though its function is made anew', async (t) => {
  const { functions } = await openFunctions(t);
  const add = async (at: number): Promise<unknown> =>
    await functions.deploy(deployment('f', giving('old'), { policy: { timeoutMs: 10_000 + at } }));
  await add(0);
  const selected = await functions.select(TENANT, 'f');
  for (let at = 1; at <= 100; at++) await add(at);
  t.is((await errorOf(functions.select(TENANT, 'f', { version: '1' }))).code, 'SNAPVM_SERVER_UNKNOWN');
  await functions.remove(TENANT, 'f');
  const events: string[] = [];
  const deployed = functions.deploy(deployment('f', giving('new'))).then(() => events.push('deployed'));
  // Time enough for it, if it did not wait.
  await deployMany(functions, 'other', 3);
  t.is(await selected.handle.call(), 'old');
  events.push('released');
  selected.release();
  await deployed;
  t.deepEqual(events, ['released', 'deployed']);
  t.is(await call(functions, 'f'), 'new');
});

test('closing ends what is defined, and leaves the engine to its owner', async (t) => {
  const { engine, functions } = await openFunctions(t);
  await deployMany(functions, 'f', 2);
  await functions.close();
  t.deepEqual(defined(engine), []);
  const own = await engine.define('own', { js: 'export default () => 1' });
  t.is(await own.call(), 1);
});

/** How many definitions of each tenant, and of all, are underway at most when two deploy much at a time. */
async function mostUnderway(t: ExecutionContext, workers: number): Promise<Readonly<Record<string, number>>> {
  const { engine, functions } = await openFunctions(t, { engine: await startEngine(t, { workers }) });
  const underway: Record<string, number> = { one: 0, other: 0, all: 0 };
  const most: Record<string, number> = { ...underway };
  const count = (name: string, change: number): void => {
    underway[name] = (underway[name] ?? 0) + change;
    most[name] = Math.max(most[name] ?? 0, underway[name] ?? 0);
  };
  const define = engine.define.bind(engine) as (name: string, ...rest: unknown[]) => Promise<unknown>;
  const counting = async (name: string, ...rest: unknown[]): Promise<unknown> => {
    const names = [name.split('/', 1)[0] as string, 'all'];
    for (const each of names) count(each, 1);
    return await define(name, ...rest).finally(() => {
      for (const each of names) count(each, -1);
    });
  };
  Object.defineProperty(engine, 'define', { value: counting });
  const deploy = (tenant: string, name: string): Promise<unknown> =>
    functions.deploy({ ...deployment(name, giving(name)), tenant });
  await Promise.all(['a', 'b', 'c', 'd'].flatMap((name) => [deploy('one', name), deploy('other', name)]));
  return most;
}

test('a tenant leaves a worker to others, and all leave one to calls, whatever they define', async (t) => {
  t.deepEqual(await mostUnderway(t, 2), { one: 1, other: 1, all: 1 });
  t.deepEqual(await mostUnderway(t, 3), { one: 1, other: 1, all: 2 });
});
