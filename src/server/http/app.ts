/** A server of its own: a Fastify app with the routes, on a socket. */

import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type FastifyInstance, fastify, LogController } from 'fastify';
import { SnapvmError } from '../../base/errors.js';
import type { Engine } from '../../engine/engine.js';
import { addPage } from '../page/routes.js';
import type { ServerOptions, SnapvmPluginOptions } from './options.js';
import { type CheckedServer, checkPluginOptions, checkServerOptions, isLoopback } from './options.js';
import { addRoutes, sendProblem, sendUnknown } from './plugin.js';
import { PROBLEM_TYPE, problemOf, problemText } from './problems.js';
import { badRequest } from './request-error.js';
import { openServices, type Services } from './services.js';
import { awaitsContinue } from './state.js';

/** A server that listens. */
export interface SnapvmServer {
  /** `http://127.0.0.1:8080`, say. */
  readonly url: string;
  /** The Fastify app, which listens already. */
  readonly app: FastifyInstance;
  /** What calls run on: the one that was given, or the server's own. */
  readonly engine: Engine;
  /**
   * Takes no more requests, lets those on their way end for at most `drainMs`, and closes the app, and the engine
   * unless it was given. Idempotent.
   */
  close(): Promise<void>;
}

/** A client has so long for the headers of a request, and for all of it. */
const HEADERS_MS = 10_000;
const REQUEST_MS = 120_000;
const CHECK_MS = 2_000;
const KEEP_ALIVE_MS = 72_000;
/** Each has a descriptor, of which the engine and the disk need some too. */
const MOST_CONNECTIONS = 10_000;
const HEADER_BYTES = 16 * 1024;
const PARAM_LENGTH = 1000;

/** @throws SnapvmError what `createServer` throws */
export async function listen(options: ServerOptions): Promise<SnapvmServer> {
  const checked = checkServerOptions(options);
  const app = makeApp(checked);
  const version = await packageVersion();
  const services = await openServices(checked, app.log, version);
  try {
    if (services.access.open) warnOfOpenServer(app, checked);
    await app.register((routes, _options, done) => {
      addRoutes(routes, services, version)
        .then(() => addPage(routes))
        .then(() => done(), done);
    });
    app.server.maxConnections = Math.min(MOST_CONNECTIONS, Math.floor((await mostDescriptors()) / 2));
    app.server.on('checkContinue', (request, response: ServerResponse) => {
      awaitsContinue(request);
      app.server.emit('request', request, response);
    });
    await listenOn(app, checked);
  } catch (error) {
    await app.close();
    await services.close();
    throw error;
  }
  return { url: urlOf(app), app, engine: services.engine, close: () => close(app, services) };
}

/** What the Fastify plugin does. @throws SnapvmError what `createServer` throws, but for listening */
export async function plugIn(app: FastifyInstance, options: SnapvmPluginOptions): Promise<void> {
  const version = await packageVersion();
  const services = await openServices(checkPluginOptions(options), app.log, version);
  try {
    await addRoutes(app, services, version);
    app.setNotFoundHandler(sendUnknown);
  } catch (error) {
    await services.close();
    throw error;
  }
}

function makeApp({ logger, bodyBytes }: CheckedServer): FastifyInstance {
  const app = fastify({
    logger: logger === false ? false : { level: 'info', ...logger },
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: bodyBytes,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    requestIdHeader: false,
    return503OnClosing: false,
    routerOptions: { maxParamLength: PARAM_LENGTH },
    http: { connectionsCheckingInterval: CHECK_MS, headersTimeout: HEADERS_MS, maxHeaderSize: HEADER_BYTES },
    clientErrorHandler: refuseConnection,
    frameworkErrors: sendProblem,
  });
  app.setErrorHandler(sendProblem);
  app.setNotFoundHandler(sendUnknown);
  return app;
}

/** Without tokens only this machine is let in: not a page of another site in somebody's browser either. */
function warnOfOpenServer(app: FastifyInstance, { host }: CheckedServer): void {
  app.log.warn(
    { host },
    'THERE ARE NO TOKENS: every program of this machine may deploy and call functions; give access to change that',
  );
  let known: string | undefined; // most requests name the same host
  app.addHook('onRequest', ({ headers, hostname, raw }, _reply, done) => {
    const { host: given, origin } = headers;
    const { url: target = '/' } = raw;
    // A target with a host (`GET http://…`) is what the request is for, whatever its header says.
    if (!target.startsWith('/') && target !== '*' && !isLoopbackUrl(target))
      return done(foreign(`the target ${JSON.stringify(target)}`));
    if (given !== known || given === undefined) {
      if (!isLoopback(hostname)) return done(foreign(`the host ${JSON.stringify(hostname)}`));
      known = given;
    }
    if (origin !== undefined && !isLoopbackUrl(origin))
      return done(foreign(`the origin ${JSON.stringify(origin)}`));
    done();
  });
}

function foreign(what: string): SnapvmError {
  return new SnapvmError(
    'SNAPVM_SERVER_FORBIDDEN',
    `the request is for ${what}; a server without tokens answers requests of this machine only`,
  );
}

function isLoopbackUrl(url: string): boolean {
  try {
    return isLoopback(new URL(url).hostname);
  } catch {
    return false; // `null`, say: the origin of a page that has none
  }
}

/** @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
async function listenOn(app: FastifyInstance, { host, port }: CheckedServer): Promise<void> {
  await app.ready();
  try {
    await app.listen({ host, port, listenTextResolver: (address) => `snapvm listens on ${address}` });
  } catch (cause) {
    const { code = 'an error' } = cause as NodeJS.ErrnoException;
    throw new SnapvmError(
      'SNAPVM_CONFIG_VALUE',
      `the server cannot listen on ${host}, port ${port} (${code}); give another host or port`,
      { option: code === 'EADDRINUSE' || code === 'EACCES' ? 'port' : 'host' },
      { cause },
    );
  }
}

async function close(app: FastifyInstance, services: Services): Promise<void> {
  await services.drain.run(services.drainMs);
  await app.close();
  await services.close();
}

function urlOf(app: FastifyInstance): string {
  const { address, family, port } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** A socket with the answer that Node is writing to it. */
type Answering = Socket & { readonly _httpMessage?: { readonly headersSent: boolean } | null };

/** Answers what is no HTTP, or came too slowly. */
function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (socket.destroyed || !socket.writable) return;
  // In the midst of an answer, another one would be taken for a part of it.
  if ((socket as Answering)._httpMessage?.headersSent === true) {
    socket.destroy();
    return;
  }
  const { code } = error;
  const [status, title, detail] =
    code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? [408, 'Request Timeout', 'the request came too slowly']
      : code === 'HPE_HEADER_OVERFLOW'
        ? [431, 'Request Header Fields Too Large', `the headers have more than ${HEADER_BYTES} bytes`]
        : [400, 'Bad Request', 'the request is no HTTP'];
  const body = problemText({ ...problemOf(badRequest(detail), 'none'), status });
  socket.end(
    `HTTP/1.1 ${status} ${title}\r\ncontent-type: ${PROBLEM_TYPE}\r\nsnapvm-error: service\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** How many descriptors this process may have. */
async function mostDescriptors(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const most = /^Max open files +(\d+)/m.exec(limits)?.[1];
  return most === undefined ? Number.POSITIVE_INFINITY : Number(most);
}

async function packageVersion(): Promise<string> {
  const text = await readFile(new URL('../../../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
