// What the server's store has of versions goes with the last one that has it.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { Engine } from '../../src/index.js';
import type { SnapvmServer } from '../../src/server/index.js';
import { callJs, deployJs, freshDirectory, send, startServer } from '../support/http-server.js';

const ECHO = readFileSync(new URL('../../guest/examples/echo.elf', import.meta.url));

/** How many ready snapshots and objects there are. */
function stored(directory: string): readonly [ready: number, objects: number] {
  const count = (folder: string): number => readdirSync(join(directory, 'store', folder)).length;
  return [count('ready'), count('objects')];
}

async function remove(server: SnapvmServer, name: string): Promise<void> {
  await send(server, 'DELETE', `/v1/functions/${name}`);
}

test('what the store has goes with the last version that has it', async (t) => {
  const directory = freshDirectory(t);
  const server = await startServer(t, { directory });
  const headers = { 'content-type': 'application/vnd.snapvm.native+elf' };
  for (const name of ['a', 'b'])
    t.is((await send(server, 'PUT', `/v1/functions/${name}`, { headers, body: ECHO })).status, 201);
  t.deepEqual(stored(directory), [1, 1]);
  await remove(server, 'a');
  t.deepEqual(stored(directory), [1, 1]);
  await remove(server, 'b');
  t.deepEqual(stored(directory), [0, 0]);
});

test('modules share what the store has of their runtime, which goes with the last of them', async (t) => {
  const directory = freshDirectory(t);
  const server = await startServer(t, { directory });
  await deployJs(server, 'a', 'export default () => "a";');
  await deployJs(server, 'b', 'export default () => "b";');
  t.deepEqual(stored(directory), [3, 3]);
  // The same again makes no version, and takes nothing away.
  t.is((await deployJs(server, 'b', 'export default () => "b";')).status, 200);
  t.deepEqual(stored(directory), [3, 3]);
  await remove(server, 'a');
  t.deepEqual(stored(directory), [2, 2]);
  t.is((await callJs(server, 'b', null)).json, 'b');
  await server.close();
  const again = await startServer(t, { directory });
  t.is((await callJs(again, 'b', null)).json, 'b');
  t.like(again.engine.stats().store, { loaded: 2, saved: 0, refused: 0 });
  await remove(again, 'b');
  t.deepEqual(stored(directory), [0, 0]);
});

test('a server that starts removes what is of no version, and loads the rest', async (t) => {
  const directory = freshDirectory(t);
  const before = await startServer(t, { directory });
  await deployJs(before, 'a', 'export default () => "a";');
  await deployJs(before, 'b', 'export default () => "b";');
  await before.close();
  rmSync(join(directory, 'functions', 'default', 'a.json'));
  writeFileSync(join(directory, 'store', 'objects', 'f'.repeat(64)), 'of nobody');
  writeFileSync(join(directory, 'store', 'objects', 'other'), 'no object');
  const server = await startServer(t, { directory });
  t.deepEqual(stored(directory), [2, 3], 'what is no entry is left alone');
  t.is((await callJs(server, 'b', null)).json, 'b');
  t.like(server.engine.stats().store, { loaded: 2, refused: 0 });
});

test('versions whose keys have changed have their new ones from then on', async (t) => {
  const directory = freshDirectory(t);
  const path = join(directory, 'functions', 'default', 'a.json');
  const keys = (): string[] => JSON.parse(readFileSync(path, 'utf8')).versions[0].stored;
  const before = await startServer(t, { directory });
  await deployJs(before, 'a', 'export default () => "a";');
  await before.close();
  const known = keys();
  // As another snapvm would have left it.
  const text = readFileSync(path, 'utf8').replace(/"stored":\[[^\]]*\]/, `"stored":["${'0'.repeat(64)}"]`);
  writeFileSync(path, text);
  const server = await startServer(t, { directory });
  t.deepEqual(stored(directory), [0, 0]);
  t.is((await callJs(server, 'a', null)).json, 'a');
  await server.close(); // changes on their way are made
  const [runtime, own, ...more] = keys();
  t.is(runtime, known[0]);
  t.regex(own ?? '', /^(?!0{64})[0-9a-f]{64}$/);
  t.deepEqual(more, []);
  t.deepEqual(stored(directory), [2, 2]);
});

test('the store of an engine that was given is left alone', async (t) => {
  const directory = freshDirectory(t);
  const store = join(freshDirectory(t), 'store');
  const engine = await Engine.start({ workers: 1, store });
  t.teardown(() => engine.close());
  const server = await startServer(t, { directory, engine });
  await deployJs(server, 'a', 'export default () => "a";');
  await remove(server, 'a');
  t.is(readdirSync(join(store, 'ready')).length, 2);
});
