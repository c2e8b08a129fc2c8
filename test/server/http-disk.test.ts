// A disk without room: what changes something is refused, what was there goes on.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import type { SnapvmServer } from '../../src/server/index.js';
import { callJs, deployJs, problemOf, send, startServer } from '../support/http-server.js';
import { smallDisk } from '../support/store.js';

const DISK_BYTES = 2 ** 20;
const FULL = '507 SNAPVM_SERVER_DIRECTORY';
const JSON_TYPE = { 'content-type': 'application/json' };

/** Takes all the room there is. @returns what gives it back */
function fill(disk: string): () => void {
  const path = join(disk, 'filler');
  for (let bytes = DISK_BYTES; bytes > 0; bytes = Math.floor(bytes / 2)) {
    try {
      writeFileSync(path, new Uint8Array(bytes), { flag: 'a' });
    } catch {
      // there is room for less
    }
  }
  return () => rmSync(path);
}

async function described(server: SnapvmServer): Promise<unknown> {
  const { versions, aliases, canRollBack } = (await send(server, 'GET', '/v1/functions/f')).json;
  return { versions, aliases, canRollBack };
}

test('on a full disk changes are refused as that, calls go on, and there is room again later', async (t) => {
  const disk = smallDisk(t, DISK_BYTES);
  if (disk === undefined) return void t.pass();
  const directory = join(disk, 'server');
  const server = await startServer(t, { directory });
  for (const n of [1, 2]) t.is((await deployJs(server, 'f', `export default () => ${n};`)).status, 201);
  const before = await described(server);
  const empty = fill(disk);

  const large = `export default () => "${'x'.repeat(100_000)}";`;
  for (const name of ['f', 'g']) {
    const answer = await deployJs(server, name, large);
    t.is(problemOf(t, answer), FULL);
    t.true(Number(answer.headers.get('retry-after')) > 0);
    t.false(answer.text.includes(disk), 'no path of the server');
  }
  const alias = { headers: JSON_TYPE, body: '{"version":"1"}' };
  t.is(problemOf(t, await send(server, 'PUT', '/v1/functions/f/aliases/a', alias)), FULL);
  t.is(problemOf(t, await send(server, 'POST', '/v1/functions/f/rollback')), FULL);
  const later = { headers: JSON_TYPE, body: '1' };
  t.is(problemOf(t, await send(server, 'POST', '/v1/functions/f/async', later)), FULL);
  t.is((await callJs(server, 'f', null)).json, 2);
  t.is((await send(server, 'GET', '/v1/functions/g')).status, 404);
  t.deepEqual(await described(server), before);
  await server.close();

  const again = await startServer(t, { directory });
  t.deepEqual(await described(again), before);
  t.is((await callJs(again, 'f', null)).json, 2);
  empty();
  t.is((await deployJs(again, 'f', 'export default () => 3;')).status, 201);
  t.is((await callJs(again, 'f', null)).json, 3);
});
