/** The routes as a Fastify plugin: what every request goes through, and what becomes of errors. */

import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { setTimeout } from '../../base/globals.js';
import { requireRole } from '../access/roles.js';
import { requestId } from '../observe/request-id.js';
import { draining } from './drain.js';
import { setOpenApi } from './openapi.js';
import {
  asSnapvmError,
  errorSource,
  isHidden,
  PROBLEM_TYPE,
  problemOf,
  problemText,
  retryAfter,
} from './problems.js';
import { compileCheck } from './query.js';
import { unknownThing } from './request-error.js';
import { aliasRoutes } from './routes/aliases.js';
import { callRoutes } from './routes/calls.js';
import { functionRoutes } from './routes/functions.js';
import { inspectionRoutes } from './routes/inspection.js';
import { invocationRoutes } from './routes/invocations.js';
import { mcpRoutes } from './routes/mcp.js';
import { operationRoutes } from './routes/operations.js';
import type { Services } from './services.js';
import { RequestState } from './state.js';

const ROUTES = [aliasRoutes, invocationRoutes, inspectionRoutes, callRoutes, mcpRoutes, operationRoutes];
const REPLACED_PARSERS = ['application/json', 'text/plain', 'application/octet-stream', '*'];
/** What a client still sends after an error is thrown away for so long. */
const LINGER_MS = 2000;

/** Adds all routes to an app that is theirs alone, below another one. */
export async function addRoutes(app: FastifyInstance, services: Services, version: string): Promise<void> {
  app.decorateRequest('snapvm', null);
  app.setValidatorCompiler(compileCheck);
  app.setErrorHandler(sendProblem);
  takeBodies(app);
  // With a callback: each call would pay for the promise.
  app.addHook('onRequest', (request, reply, done) => {
    try {
      begin(services, request, reply);
    } catch (error) {
      done(error as Error);
      return;
    }
    done();
  });
  await setOpenApi(app, version);
  await app.register((scope, _options, done) => {
    // Its hooks are for the requests of these routes alone: each would pay for them.
    if (!scope.hasRequestDecorator('parts')) scope.register(multipart);
    scope.register((forms, _, added) => {
      functionRoutes(forms, services);
      added();
    });
    done();
  });
  for (const add of ROUTES) add(app, services);
  app.addHook('preClose', async () => {
    await services.drain.run(services.drainMs);
    services.logs.close(); // requests that follow logs end
  });
  app.addHook('onClose', () => services.close());
}

/** Answers what has no route. */
export function sendUnknown(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const what = `${request.method} ${request.url.split('?', 1)[0]}`;
  return sendProblem(
    unknownThing(`there is no route ${what}; /openapi.json lists those that there are`),
    request,
    reply,
  );
}

/** @throws SnapvmError `SNAPVM_SERVER_DRAINING`, `SNAPVM_SERVER_UNAUTHORIZED`, `SNAPVM_SERVER_FORBIDDEN` */
function begin(services: Services, request: FastifyRequest, reply: FastifyReply): void {
  const { headers, method, raw } = request;
  const state = new RequestState(raw, reply.raw, requestId(headers['x-request-id']), services.budget);
  request.snapvm = state;
  reply.header('x-request-id', state.id);
  reply.header('x-content-type-options', 'nosniff'); // most bodies are a guest's
  const { url: route, config } = request.routeOptions;
  const role = config.snapvmRole ?? 'none';
  if (role === 'none') return;
  const { traceparent, tracestate } = headers;
  state.trace = services.tracing.request({ method, route, requestId: state.id, traceparent, tracestate });
  services.drain.began(state);
  reply.raw.once('close', () => {
    const status = reply.raw.writableFinished ? reply.statusCode : undefined;
    state.end();
    state.trace?.end(status);
    services.drain.ended(state);
    services.metrics.requestEnded({ method, route, status: status ?? 499 });
  });
  if (services.drain.isOn) throw draining();
  state.principal = services.access.authenticate(headers.authorization);
  requireRole(state.principal, role);
  if (config.snapvmCalls === true) services.engine.expectCall();
}

/** Routes read their bodies themselves: no content type is refused before the route has seen it. */
function takeBodies(app: FastifyInstance): void {
  // An app above that has the plugin for multipart bodies has its decorators here, and its parser.
  if (app.hasRequestDecorator('parts'))
    for (const type of REPLACED_PARSERS) app.removeContentTypeParser(type);
  else app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
}

export function sendProblem(given: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = asSnapvmError(given);
  const id = request.snapvm?.id ?? requestId(undefined);
  const name = (request.params as { readonly name?: string } | undefined)?.name;
  const problem = problemOf(error, id, request.method === 'POST' ? name : undefined);
  const { status } = problem;
  if (isHidden(error)) request.log.error({ err: given, requestId: id }, 'a request failed');
  const seconds = retryAfter(error, status);
  if (seconds !== undefined) reply.header('retry-after', seconds);
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  if (!request.raw.complete) endSending(request);
  return reply
    .code(status)
    .header('x-request-id', id)
    .header('snapvm-error', errorSource(status))
    .type(PROBLEM_TYPE)
    .send(problemText(problem));
}

/**
 * Who sends a body that nobody reads may end it, so that it sees the answer; but not for long. Node closes a connection
 * at once that is not kept alive, and the client would see that instead of the answer.
 */
function endSending({ raw }: FastifyRequest): void {
  setTimeout(() => {
    if (!raw.complete) raw.destroy();
  }, LINGER_MS).unref();
}
