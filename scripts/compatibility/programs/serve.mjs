// A user's program that starts a server, deploys a function and calls it, with the client and without.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SnapvmClient } from 'snapvm/client';
import { createServer } from 'snapvm/server';

const directory = mkdtempSync(join(tmpdir(), 'snapvm-serve-'));
const server = await createServer({ port: 0, directory, logger: false, engine: { workers: 1 } });
try {
  const client = new SnapvmClient({ url: server.url });
  await client.deploy('greet', 'export default ({ name }) => "Hello " + name', { kind: 'js' });
  const answer = await fetch(`${server.url}/v1/functions/greet`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"name":"Ada"}',
  });
  console.log(`fetch: ${await answer.text()}, client: ${await client.call('greet', { name: 'Ada' })}`);
} finally {
  await server.close();
  rmSync(directory, { recursive: true });
}
