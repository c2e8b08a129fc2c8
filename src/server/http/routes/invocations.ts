/** Routes that call functions: one call, many, and one whose answer is asked for later. */

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallCosts } from '../../../engine/call-options.js';
import type { LinuxResult } from '../../../guests/program-result.js';
import type { Version } from '../../functions/model.js';
import type { Naming } from '../../functions/versions.js';
import { answerOf } from '../answers.js';
import { Batch } from '../batch.js';
import { inputsInLines, inputsInList } from '../batch-inputs.js';
import { readBody } from '../body.js';
import { callHeaders } from '../headers.js';
import { inputFromBody } from '../inputs.js';
import { type Invocation, invoke, type Outcome } from '../invoke.js';
import { accepts, EVENTS_TYPE, JSON_TYPE, LINES_TYPE, mediaType } from '../media.js';
import { asSnapvmError, problemOf } from '../problems.js';
import { badMedia } from '../request-error.js';
import {
  ANSWER_HEADERS,
  BatchAnswers,
  BatchInputs,
  CallHeaders,
  ProgramResult,
  Queued,
  StreamEvents,
} from '../schemas/calls.js';
import {
  AnyJson,
  Bytes,
  bodyOf,
  CallQuery,
  FunctionParams,
  jsonAnswer,
  responses,
  VersionQuery,
} from '../schemas/common.js';
import type { Services } from '../services.js';
import { OutputStream } from '../stream.js';
import { nameIn, principalOf, type Routes, sendJson, stateOf, traceOf } from './route.js';

const INPUT = bodyOf({ [JSON_TYPE]: AnyJson, 'application/octet-stream': Bytes });
const SHARED = { params: FunctionParams, querystring: VersionQuery, headers: CallHeaders };
const LIVE = { params: FunctionParams, querystring: CallQuery, headers: CallHeaders };

export const invocationRoutes: Routes = (app, services) => {
  app.post(
    '/v1/functions/:name',
    {
      config: { snapvmRole: 'call', snapvmCalls: true },
      schema: {
        operationId: 'call',
        summary: 'Call a function',
        ...LIVE,
        body: INPUT,
        response: responses({
          200: {
            description: 'What it answered.',
            headers: ANSWER_HEADERS,
            content: {
              'application/octet-stream': { schema: Bytes },
              [JSON_TYPE]: { schema: { anyOf: [ProgramResult, AnyJson] } },
              [EVENTS_TYPE]: { schema: StreamEvents },
            },
          },
          204: { description: 'It answered nothing.', type: 'null' },
        }),
      },
    },
    (request, reply) => call(services, request, reply),
  );

  app.post(
    '/v1/functions/:name/batch',
    {
      config: { snapvmRole: 'call' },
      schema: {
        operationId: 'callMany',
        summary: 'Call a function once for each input',
        ...SHARED,
        body: bodyOf({ [JSON_TYPE]: BatchInputs, [LINES_TYPE]: Bytes }),
        response: responses({
          200: {
            description:
              'An answer for each input, in their order; a list, or lines if the client accepts them.',
            content: { [JSON_TYPE]: { schema: BatchAnswers }, [LINES_TYPE]: { schema: Bytes } },
          },
        }),
      },
    },
    (request, reply) => callMany(services, request, reply),
  );

  app.post(
    '/v1/functions/:name/async',
    {
      config: { snapvmRole: 'call' },
      schema: {
        operationId: 'callAsync',
        summary: 'Call a function, and ask for the answer later',
        ...SHARED,
        body: INPUT,
        response: responses({
          202: jsonAnswer('It waits for its turn.', Queued, {
            location: { type: 'string', description: 'Where to ask.' },
          }),
        }),
      },
    },
    (request, reply) => callLater(services, app.prefix, request, reply),
  );
};

async function call(services: Services, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const body = await bodyOfCall(services, request);
  const type = mediaType(request.headers['content-type']);
  const { stream } = request.query as { readonly stream?: boolean };
  const input = (version: Version): unknown => inputFromBody(version, body, type);
  if (stream === true)
    return await callStreaming(services, { ...invocationOf(request), input }, request, reply);
  const invocation: Invocation = Object.assign(invocationOf(request), {
    input,
    costs: (version: Version, cost: CallCosts | undefined) => describeCall(reply, version, cost),
  });
  return sendAnswer(services, await invoke(services, invocation), request, reply);
}

function sendAnswer(
  { unsent }: Services,
  outcome: Outcome,
  { headers }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const answer = answerOf(outcome, accepts(headers.accept, JSON_TYPE));
  if (answer.exitCode !== undefined) reply.header('snapvm-exit-code', answer.exitCode);
  if (answer.type !== undefined) reply.type(answer.type);
  unsent.sent(answer.body?.length ?? 0);
  return reply.code(answer.status).send(answer.body);
}

/** The head is sent with the first output; what fails before that is a problem as of any other call. */
async function callStreaming(
  services: Services,
  invocation: Invocation,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const asEvents = accepts(request.headers.accept, EVENTS_TYPE);
  const stream = new OutputStream(reply, asEvents);
  try {
    const { value } = await invoke(services, {
      ...invocation,
      selected: (version) => describeVersion(reply, version),
      onStdout: stream.take,
    });
    stream.begin();
    stream.end(value as LinuxResult);
  } catch (error) {
    if (!stream.hasBegun) throw error;
    const failure = asSnapvmError(error);
    const { id } = stateOf(request);
    services.tellHidden(failure, id);
    stream.fail(problemOf(failure, id, nameIn(request)));
  }
  return reply;
}

async function callMany(
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const type = mediaType(request.headers['content-type']);
  if (type !== JSON_TYPE && type !== LINES_TYPE) throw badMedia(type, [JSON_TYPE, LINES_TYPE]);
  const body = await bodyOfCall(services, request);
  const { name, by, principal, ...each } = invocationOf(request);
  // An unknown function is one problem, and not one for each input. All run the same version.
  const version = await versionOf(services, principal.tenant, name, by);
  const hold = (bytes: number): void => stateOf(request).hold(bytes);
  const inputs = await (type === JSON_TYPE ? inputsInList : inputsInLines)(body, { version, hold });
  const { revision, version: hash } = version;
  const pinned = { by: { version: String(revision) }, hash };
  const batch = new Batch(services, { ...each, name, principal, ...pinned }, inputs);
  services.metrics.batchEnded(principal.tenant, inputs.length);
  const entries = await batch.run(services.atOnce(principal.tenant));
  const inLines = accepts(request.headers.accept, LINES_TYPE);
  const text = inLines ? entries.map((entry) => `${entry}\n`).join('') : `[${entries.join(',')}]`;
  services.unsent.sent(text.length);
  return inLines ? reply.type(LINES_TYPE).send(text) : sendJson(reply, text);
}

async function callLater(
  services: Services,
  prefix: string,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { signal: _, trace: __, by, ...invocation } = invocationOf(request);
  const version = await versionOf(services, invocation.principal.tenant, invocation.name, by);
  const body = await bodyOfCall(services, request);
  const type = mediaType(request.headers['content-type']);
  inputFromBody(version, body, type); // what is wrong with it is said now
  const { id, state } = await services.calls.submit({
    invocation: { ...invocation, input: (version) => inputFromBody(version, body, type) },
    version,
    bytes: body.length,
  });
  return reply.code(202).header('location', `${prefix}/v1/calls/${id}`).send({ id, state });
}

function bodyOfCall(services: Services, request: FastifyRequest): Promise<Uint8Array> | Uint8Array {
  return readBody(stateOf(request), services.bodyBytes(principalOf(request).tenant));
}

function invocationOf(request: FastifyRequest): Omit<Invocation, 'input' | 'costs'> {
  const state = stateOf(request);
  const { fn, timeoutMs, deadline, args } = callHeaders(request.headers, state);
  return {
    principal: principalOf(request),
    requestId: state.id,
    name: nameIn(request),
    by: request.query as Naming,
    signal: state.stop,
    trace: traceOf(state),
    fn,
    timeoutMs,
    deadline,
    args,
  };
}

/** The version that a call would run. @throws SnapvmError `SNAPVM_SERVER_UNKNOWN` */
async function versionOf(
  { functions }: Services,
  tenant: string,
  name: string,
  by: Naming,
): Promise<Version> {
  const selected = await functions.select(tenant, name, by);
  selected.release();
  return selected.version;
}

function describeCall(reply: FastifyReply, version: Version, cost: CallCosts | undefined): void {
  describeVersion(reply, version);
  if (cost === undefined) return;
  reply
    .header('snapvm-duration-us', Math.round(cost.runUs))
    .header('snapvm-queue-us', Math.max(0, Math.round(cost.queueUs)))
    .header('snapvm-dirty-pages', cost.stickyPages);
}

function describeVersion(reply: FastifyReply, version: Version): void {
  reply.header('snapvm-version', version.version).header('snapvm-revision', version.revision);
}
