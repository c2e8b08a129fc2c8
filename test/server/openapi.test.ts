// The OpenAPI document: whether it is one, and whether it says what the server does.

import { createConfig, lintFromString } from '@redocly/openapi-core';
import test from 'ava';
import { ERROR_CODES, type ErrorCode } from '../../src/base/errors.js';
import { statusOf } from '../../src/server/http/problems.js';
import { callJs, deployJs, type Seen, send, startServer } from '../support/http-server.js';

interface Media {
  readonly schema: object;
  readonly example?: unknown;
}

interface Answer {
  readonly $ref?: string;
  readonly description: string;
  readonly headers: Readonly<Record<string, object>>;
  readonly content?: Readonly<Record<string, Media>>;
}

interface Operation {
  readonly operationId: string;
  readonly description?: string;
  readonly security?: readonly object[];
  readonly parameters: readonly { readonly $ref?: string; readonly name: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, Answer>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly responses: Readonly<Record<string, Answer>>;
    readonly schemas: Readonly<Record<string, object>>;
  };
}

const RULES = {
  'no-invalid-media-type-examples': 'error',
  'no-invalid-parameter-examples': 'error',
  'no-required-schema-properties-undefined': 'error',
  'no-schema-type-mismatch': 'error',
  'no-unused-components': 'error',
  'operation-4xx-response': 'error',
  'operation-tag-defined': 'error',
  'array-parameter-serialization': 'error',
  'parameter-description': 'error',
} as const;

/** What is wrong with a document, by the rules of the specification and those above. */
async function faultsOf(document: unknown): Promise<string[]> {
  const config = await createConfig({ extends: ['recommended'], rules: RULES });
  const faults = await lintFromString({ source: JSON.stringify(document), config });
  return faults.map(
    ({ ruleId, message, location }) => `${ruleId}: ${message} ${location.map(({ pointer }) => pointer)}`,
  );
}

function operationsOf({ paths }: Document): readonly Operation[] {
  return Object.values(paths).flatMap((path) => Object.values(path));
}

test('the document is valid OpenAPI 3.1, and its examples are of their schemas', async (t) => {
  const { json } = await send(await startServer(t), 'GET', '/openapi.json');
  t.deepEqual(await faultsOf(json), []);
  // It would say so.
  const broken = structuredClone(json);
  broken.paths['/v1/functions'].get.responses['200'].content['application/json'].example.functions = 1;
  delete broken.paths['/v1/functions/{name}'].get.responses['200'].description;
  broken.paths['/readyz'].get.responses['403'].$ref = '#/components/responses/Nobody';
  const faults = (await faultsOf(broken)).map((fault) => fault.split(':', 1)[0]).sort();
  t.deepEqual(faults, ['no-invalid-media-type-examples', 'no-unresolved-refs', 'struct']);
});

test('each route has an example of each body, its headers, its role, and the problems it may have', async (t) => {
  const document: Document = (await send(await startServer(t), 'GET', '/openapi.json')).json;
  for (const { operationId, requestBody, responses, security, parameters, description } of operationsOf(
    document,
  )) {
    const medias = Object.entries(requestBody?.content ?? {});
    const answers = Object.entries(responses).filter(([, { $ref }]) => $ref === undefined);
    t.true(answers.length > 0, operationId);
    for (const [status, { headers, content = {} }] of answers) {
      t.truthy(headers['x-request-id'], `${operationId} ${status}`);
      medias.push(...Object.entries(content));
    }
    for (const [type, media] of medias) t.true('example' in media, `${operationId} ${type}`);
    const references = Object.entries(responses).filter(([, { $ref }]) => $ref !== undefined);
    for (const [status, { $ref }] of references) t.is($ref, `#/components/responses/Problem${status}`);
    const statuses = Object.keys(responses);
    t.is(statuses.includes('401'), security === undefined, operationId);
    t.is(/Needs the role `(call|deploy|admin)`/.test(description ?? ''), security === undefined, operationId);
    t.is(
      parameters.some(({ $ref }) => $ref === '#/components/parameters/TraceParent'),
      security === undefined,
      operationId,
    );
    t.true(statuses.includes('403') && statuses.includes('500'), operationId);
  }
  for (const [name, { description, headers, content }] of Object.entries(document.components.responses)) {
    const example = content?.['application/problem+json']?.example as { code: ErrorCode; status: number };
    t.is(name, `Problem${statusOf(example.code)}`);
    t.is(example.status, statusOf(example.code));
    t.true(description.includes(example.code) && example.code in ERROR_CODES);
    t.is('retry-after' in headers, ['Problem429', 'Problem503'].includes(name));
  }
});

test('what is answered is among what the document lists', async (t) => {
  const server = await startServer(t);
  const document: Document = (await send(server, 'GET', '/openapi.json')).json;
  const listed = new Map(operationsOf(document).map((operation) => [operation.operationId, operation]));
  const check = (operationId: string, { status, headers }: Seen): void => {
    const operation = listed.get(operationId);
    const name = operation?.responses[status]?.$ref?.split('/').at(-1);
    const answer = name === undefined ? operation?.responses[status] : document.components.responses[name];
    t.not(answer, undefined, `${operationId} answers ${status}`);
    const type = headers.get('content-type')?.split(';', 1)[0];
    if (type !== undefined)
      t.true(Object.hasOwn(answer?.content ?? {}, type), `${operationId} ${status} ${type}`);
    for (const header of headers.keys()) {
      if (!/^(snapvm-|x-|retry|location|www)/.test(header)) continue;
      t.true(Object.hasOwn(answer?.headers ?? {}, header), `${operationId} ${status} ${header}`);
    }
  };
  const f = '/v1/functions/f';
  const json = { headers: { 'content-type': 'application/json' } };
  check('deploy', await deployJs(server, 'f', 'export default (x) => { if (x === 1) throw x; return x; };'));
  check('deploy', await deployJs(server, 'f', 'export default ('));
  check('deploy', await deployJs(server, '-f', ''));
  check('deploy', await send(server, 'PUT', f, json));
  for (const input of [0, 1]) check('call', await callJs(server, 'f', input));
  check('call', await send(server, 'POST', f));
  check('call', await send(server, 'POST', `${f}?alias=none`));
  check('call', await send(server, 'POST', f, { headers: { 'content-type': 'text/plain' }, body: 'x' }));
  for (const accept of ['application/json', 'application/x-ndjson'])
    check(
      'callMany',
      await send(server, 'POST', `${f}/batch`, { headers: { ...json.headers, accept }, body: '[0, 1]' }),
    );
  check('callMany', await send(server, 'POST', `${f}/batch`, { ...json, body: '{}' }));
  const queued = await send(server, 'POST', `${f}/async`, { ...json, body: '0' });
  check('callAsync', queued);
  check('getCall', await send(server, 'GET', `/v1/calls/${queued.json.id}`));
  check('getCall', await send(server, 'GET', '/v1/calls/none'));
  check('cancelCall', await send(server, 'DELETE', `/v1/calls/${queued.json.id}`));
  check('listFunctions', await send(server, 'GET', '/v1/functions?limit=0'));
  check('listFunctions', await send(server, 'GET', '/v1/functions'));
  check('getFunction', await send(server, 'GET', f));
  check('getLogs', await send(server, 'GET', `${f}/logs?limit=1`));
  check('getLogs', await send(server, 'GET', `${f}/logs?limit=201`));
  check('getMemory', await send(server, 'GET', `${f}/memory`));
  check('rollBack', await send(server, 'POST', `${f}/rollback`));
  check('setAlias', await send(server, 'PUT', `${f}/aliases/a`, { ...json, body: '{"version":"1"}' }));
  check('setAlias', await send(server, 'PUT', `${f}/aliases/a`, { ...json, body: '{}' }));
  check('removeAlias', await send(server, 'DELETE', `${f}/aliases/live`));
  check('removeAlias', await send(server, 'DELETE', `${f}/aliases/a`));
  check('mcp', await send(server, 'POST', '/mcp', { ...json, body: '{}' }));
  check('metrics', await send(server, 'GET', '/metrics'));
  for (const [operation, path] of [
    ['health', '/healthz'],
    ['readiness', '/readyz'],
    ['openapi', '/openapi.json'],
  ] as const) {
    check(operation, await send(server, 'GET', path));
    check(operation, await send(server, 'GET', path, { headers: { origin: 'http://evil.example' } }));
  }
  check('removeFunction', await send(server, 'DELETE', f));
});
