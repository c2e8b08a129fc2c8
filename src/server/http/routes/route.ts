/** What all files of routes share. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Principal, Role } from '../../access/roles.js';
import type { RequestTrace } from '../../observe/tracing.js';
import type { Services } from '../services.js';
import type { RequestState } from '../state.js';

/** Adds routes to an app. */
export type Routes = (app: FastifyInstance, services: Services) => void;

declare module 'fastify' {
  interface FastifyRequest {
    /** Of requests to snapvm. */
    snapvm: RequestState | null;
  }
  interface FastifyContextConfig {
    /** The role that the route needs; `none`: nobody has to say who they are. */
    snapvmRole?: Role | 'none';
    /** The route calls a function at once. */
    snapvmCalls?: true;
  }
}

/** @throws Error never in a route of snapvm: its first hook sets the state */
export function stateOf(request: FastifyRequest): RequestState {
  const state = request.snapvm;
  if (state === null) throw new Error('a request without its state');
  return state;
}

/** Who makes the request; routes whose role is `none` have nobody. */
export function principalOf(request: FastifyRequest): Principal {
  const { principal } = stateOf(request);
  if (principal === undefined) throw new Error('a request of nobody');
  return principal;
}

/** The span of the request. */
export function traceOf({ trace }: RequestState): RequestTrace {
  if (trace === undefined) throw new Error('a request without its span');
  return trace;
}

/** The name in the path, which the route's schema has checked. */
export function nameIn(request: FastifyRequest): string {
  return (request.params as { readonly name: string }).name;
}

/** Answers with a text that is JSON already. */
export function sendJson(reply: FastifyReply, json: string): FastifyReply {
  return reply.type('application/json').send(json);
}
