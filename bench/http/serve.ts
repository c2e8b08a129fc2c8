/** A server in a process of its own: `bare`, a Fastify app with one route that echoes, or `snapvm`. Says its URL. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { type AccessConfig, createServer } from '../../src/server/index.js';

/** What is given by the parent: which server, and of snapvm's its access. */
const [kind, access] = process.argv.slice(2);

async function bare(): Promise<string> {
  const app = fastify();
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer' },
    (_request: unknown, body: string | Buffer, done: (error: null, body: unknown) => void) =>
      done(null, body),
  );
  app.post('/v1/functions/:name', async (request, reply) =>
    reply.type(request.headers['content-type'] ?? '').send(request.body),
  );
  return await app.listen({ host: '127.0.0.1', port: 0 });
}

async function snapvm(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'snapvm-bench-http-'));
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const { url } = await createServer({
    port: 0,
    directory,
    logger: false,
    engine: { workers: 2 },
    ...(access !== undefined && { access: JSON.parse(access) as AccessConfig }),
  });
  return url;
}

process.on('disconnect', () => process.exit());
process.send?.(await (kind === 'bare' ? bare() : snapvm()));
