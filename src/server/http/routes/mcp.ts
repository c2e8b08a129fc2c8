/** The route of assistants: the Model Context Protocol over HTTP, without sessions. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import { now } from '../../../base/globals.js';
import { BothLoggers } from '../../mcp/lines.js';
import type { Admitted, Caller } from '../../mcp/tool.js';
import { readBody } from '../body.js';
import { admit, invoke } from '../invoke.js';
import { parseJson } from '../json.js';
import { JSON_TYPE, mediaType } from '../media.js';
import { PROBLEM_TYPE, problemOf, problemText } from '../problems.js';
import { badMedia, badRequest, unknownThing } from '../request-error.js';
import { AnyJson, bodyOf, jsonAnswer, responses } from '../schemas/common.js';
import type { Services } from '../services.js';
import { principalOf, type Routes, stateOf, traceOf } from './route.js';

/** What the protocol looks at, and Node gives as one text. */
const HEADERS = ['accept', 'content-type', 'mcp-protocol-version'] as const;
/** Of a message: what tools take in one, and some of their own words. The protocol looks at all of it at once. */
const MOST_BYTES = 4 * 2 ** 20;
const MOST_PARTS = 200_000;

export const mcpRoutes: Routes = (app, services) => {
  app.post(
    '/mcp',
    {
      config: { snapvmRole: 'call' },
      schema: {
        operationId: 'mcp',
        summary: 'A message of the Model Context Protocol: tools of assistants',
        body: bodyOf({ [JSON_TYPE]: AnyJson }),
        response: responses({
          200: jsonAnswer('The answer, as JSON-RPC has it.', AnyJson),
          202: { description: 'The message needs no answer.', type: 'null' },
          406: jsonAnswer('The client does not accept what the protocol says it does.', AnyJson),
        }),
      },
    },
    (request, reply) => answer(services, request, reply),
  );

  // What clients try, and what the protocol says they are to be told.
  for (const method of ['GET', 'DELETE'] as const)
    app.route({
      method,
      url: '/mcp',
      config: { snapvmRole: 'call' },
      schema: { hide: true },
      handler: async (request, reply) => {
        const problem = problemOf(
          badRequest('there are no sessions and no streams here; send each message by POST'),
          stateOf(request).id,
        );
        return reply
          .code(405)
          .header('allow', 'POST')
          .header('snapvm-error', 'service')
          .type(PROBLEM_TYPE)
          .send(problemText({ ...problem, status: 405 }));
      },
    });
};

async function answer(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { mcp, version } = services;
  if (mcp === undefined)
    throw unknownThing('this server has no tools for assistants: its option mcp is false');
  const state = stateOf(request);
  const type = mediaType(request.headers['content-type']);
  if (type !== JSON_TYPE) throw badMedia(type, [JSON_TYPE]);
  const bytes = await readBody(state, Math.min(MOST_BYTES, services.bodyBytes(principalOf(request).tenant)));
  const body = parseJson(bytes, 'the body', { parts: MOST_PARTS });
  if (Array.isArray(body)) throw badRequest('the body is a list; send one message at a time');
  const {
    status,
    type: answered,
    text,
  } = await mcp.answer(
    { headers: headersOf(request), body },
    {
      version,
      caller: callerOf(services, request),
      requestId: state.id,
      signal: state.signal,
      failed: (err) => request.log.error({ err, requestId: state.id }, 'a tool failed'),
    },
  );
  if (answered === null) return reply.code(status).send(); // a message that needs no answer
  return reply.code(status).type(answered).send(text);
}

function headersOf({ headers }: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

function callerOf(services: Services, request: FastifyRequest): Caller {
  const state = stateOf(request);
  const principal = principalOf(request);
  const { tenant } = principal;
  return {
    tenant,
    mayRun: principal.roles.has('deploy'),
    admit: (tool) => admitRun(services, tenant, tool),
    call: ({ lines, input, ...call }) =>
      invoke(
        {
          ...services,
          callLogger: (logged) => {
            const logger = services.callLogger(logged);
            return logger && new BothLoggers(logger, lines);
          },
        },
        {
          ...call,
          input: ({ kind }) => input(kind),
          principal,
          requestId: state.id,
          by: {},
          trace: traceOf(state),
        },
      ),
  };
}

/** A run of code or a program counts as a call. @throws SnapvmError `SNAPVM_SERVER_QUOTA` */
function admitRun(services: Services, tenant: string, tool: string): Admitted {
  const name = `mcp/${tool}`; // which is no usable name of a function
  const admission = admit(services, tenant, name);
  const beganMs = now();
  return {
    end: ({ runUs, queueUs, dirtyPages }, code) => {
      admission.end({ runUs });
      const durationUs = Math.round((now() - beganMs) * 1000);
      services.metrics.callEnded({ tenant, function: name, code, durationUs, queueUs, dirtyPages });
    },
  };
}
