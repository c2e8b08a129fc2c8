/** The page that a server shows at `/`: a client of its public API, for people. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { unknownThing } from '../http/request-error.js';
import { type Asset, loadAssets } from './assets.js';

/** What the page may do: load its own files, and talk to its own server. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'accept-encoding',
} as const;

/** A name has the hash of what is in the file. */
const FOR_EVER = 'public, max-age=31536000, immutable';
const ROUTE = { exposeHeadRoute: true, config: { snapvmRole: 'none' }, schema: { hide: true } } as const;
const GZIP = /(?:^|,)\s*gzip\s*(?:,|;(?!\s*q=0(?:\.0*)?\s*(?:,|$))|$)/i;

/** Adds the page, which needs no token itself, to an app that has the API. */
export async function addPage(app: FastifyInstance): Promise<void> {
  const assets = await loadAssets();
  if (assets === undefined) {
    app.log.warn({}, 'the page is not there: npm run build makes it');
    return;
  }
  app.get('/', ROUTE, (request, reply) => sendAsset(request, reply, assets.html, 'no-cache'));
  app.get('/page/:file', ROUTE, (request, reply) => {
    const { file } = request.params as { readonly file: string };
    const asset = assets.files.get(file);
    if (asset === undefined)
      throw unknownThing(`the page has no file ${JSON.stringify(file)}; / names those it has`);
    return sendAsset(request, reply, asset, FOR_EVER);
  });
}

function sendAsset(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  { type, bytes, gzipped }: Asset,
  caching: string,
): FastifyReply {
  reply.headers(HEADERS).header('cache-control', caching).type(type);
  if (!GZIP.test(headers['accept-encoding'] ?? '')) return reply.send(bytes);
  return reply.header('content-encoding', 'gzip').send(gzipped);
}
