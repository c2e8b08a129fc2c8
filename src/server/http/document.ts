/** Completes the OpenAPI document: what routes have in common, under its names, and what is known of them beside. */

import { ERROR_CODES, type ErrorCode } from '../../base/errors.js';
import { PROBLEM_TYPE, statusOf } from './problems.js';
import { OPERATIONS, type OperationNotes, PARAMETER_EXAMPLES, TAGS } from './schemas/operations.js';

type Json = Record<string, unknown>;

/** What this reads and writes of a document. */
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  components: Json;
  tags?: object;
}

interface Operation {
  readonly operationId: string;
  readonly security?: readonly object[];
  tags?: readonly string[];
  parameters?: (Parameter | Reference)[];
  readonly requestBody?: { required: boolean; readonly content: Readonly<Record<string, Media>> };
  readonly responses: Record<string, Answer | Reference>;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  schema: Json;
  example?: unknown;
  style?: string;
  explode?: boolean;
}

interface Media {
  readonly schema: object;
  example?: unknown;
}

interface Answer {
  readonly description: string;
  headers?: Json;
  readonly content?: Readonly<Record<string, Media>>;
}

interface Reference {
  readonly $ref: string;
}

/** A call may have no input; Fastify's schemas cannot say that of a body. */
const OPTIONAL_BODIES = ['call', 'callAsync'];
/** The problems of every route, and of those that ask who it is. */
const ALWAYS = [403, 500];
const WITH_ROLE = [401, 503];
/** Headers of every answer. */
const ALWAYS_SENT = {
  'x-request-id': reference('headers', 'RequestId'),
  'x-content-type-options': reference('headers', 'NoSniff'),
};
/** A code that has so many others beside it is one of an example. */
const MOST_CODES = 8;

const HEADERS = {
  RequestId: { description: 'The id of the request, as in logs and problems.', schema: { type: 'string' } },
  ErrorSource: {
    description: 'Whose error it is: `function` (422) or `service`.',
    schema: { type: 'string', enum: ['function', 'service'] },
  },
  NoSniff: { description: '`nosniff`: the type is what the answer says.', schema: { type: 'string' } },
  RetryAfter: { description: 'Seconds after which to try again.', schema: { type: 'integer', minimum: 1 } },
  Authenticate: { description: '`Bearer`.', schema: { type: 'string' } },
} as const;

const PARAMETERS = {
  RequestId: {
    name: 'x-request-id',
    in: 'header',
    description: 'An id of yours for the request; one is made otherwise.',
    schema: { type: 'string' },
    example: 'a1b2c3',
  },
  TraceParent: {
    name: 'traceparent',
    in: 'header',
    description: 'The trace that the request belongs to (W3C Trace Context).',
    schema: { type: 'string' },
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  },
} as const;

/** A completed copy of a document. @throws Error a route that schemas/operations.ts does not know */
export function complete(made: object): object {
  const document = copyOf(made) as unknown as Document;
  const schemas = new NamedSchemas();
  const shared = new Set<number>();
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path)) {
      const { operationId } = operation;
      const notes = OPERATIONS[operationId];
      if (notes === undefined) throw new Error(`schemas/operations.ts does not know ${operationId}`);
      for (const status of completeOperation(operation, notes)) shared.add(status);
      schemas.replaceIn(operation);
    }
  }
  document.tags = Object.entries(TAGS).map(([name, description]) => ({ name, description }));
  document.components = {
    ...document.components,
    schemas: schemas.all(),
    parameters: PARAMETERS,
    headers: HEADERS,
    responses: Object.fromEntries([...shared].sort().map((s) => [`Problem${s}`, problemAnswer(s)])),
  };
  return document;
}

/** Returns the statuses of the problems that it has in common with others. */
function completeOperation(operation: Operation, notes: OperationNotes): readonly number[] {
  const { operationId, security, requestBody, responses } = operation;
  const hasRole = security === undefined;
  operation.tags = [notes.tag];
  operation.parameters = [
    ...(operation.parameters ?? []).map((parameter) => completeParameter(parameter as Parameter)),
    ...(hasRole ? Object.keys(PARAMETERS).map((name) => reference('parameters', name)) : []),
  ];
  if (requestBody !== undefined) {
    if (OPTIONAL_BODIES.includes(operationId)) requestBody.required = false;
    addExamples(requestBody.content, notes.request ?? {});
  }
  // What a call says of itself it says when it answers nothing, or fails, too.
  const ofCall = operationId === 'call' ? (responses['200'] as Answer).headers : {};
  for (const [status, answer] of Object.entries(responses) as [string, Answer][]) {
    answer.headers = { ...ALWAYS_SENT, ...ofCall, ...answer.headers };
    if (answer.content !== undefined) addExamples(answer.content, notes.answers[Number(status)] ?? {});
  }
  const problems = [...ALWAYS, ...(hasRole ? WITH_ROLE : []), ...notes.problems];
  const own = problems.filter((status) => !Object.hasOwn(responses, status));
  if (operationId === 'call') {
    for (const status of own) responses[status] = problemAnswer(status, ofCall);
    return [];
  }
  for (const status of own) responses[status] = reference('responses', `Problem${status}`);
  return own;
}

function completeParameter(parameter: Parameter): Parameter {
  const { list, repeated, ...schema } = parameter.schema;
  const example = PARAMETER_EXAMPLES[parameter.name];
  const completed = { ...parameter, schema, ...(example !== undefined && { example }) };
  if (repeated === true) return { ...completed, style: 'form', explode: true };
  if (list !== true) return completed;
  const texts = { type: 'array', items: { type: 'string' } };
  return { ...completed, schema: texts, style: 'form', explode: false }; // with commas
}

function addExamples(
  content: Readonly<Record<string, Media>>,
  examples: Readonly<Record<string, unknown>>,
): void {
  for (const [type, media] of Object.entries(content)) {
    if (Object.hasOwn(examples, type)) media.example = examples[type];
  }
}

/** The answer with a problem of this status, and the codes that have it. */
function problemAnswer(status: number, headers: Json = {}): Answer {
  const codes = (Object.keys(ERROR_CODES) as ErrorCode[]).filter((code) => statusOf(code) === status);
  const [code = 'SNAPVM_INTERNAL'] = status === 422 ? (['SNAPVM_JS_ERROR'] as const) : codes;
  const listed = codes.length > MOST_CODES ? [`\`${code}\``, 'others (docs/errors.md)'] : codes.map(quoted);
  return {
    description: `A problem. Its code is ${listed.join(', or ')}.`,
    headers: {
      ...ALWAYS_SENT,
      'snapvm-error': reference('headers', 'ErrorSource'),
      ...(status === 401 && { 'www-authenticate': reference('headers', 'Authenticate') }),
      ...((status === 429 || status === 503) && { 'retry-after': reference('headers', 'RetryAfter') }),
      ...headers,
    },
    content: {
      [PROBLEM_TYPE]: {
        schema: reference('schemas', 'Problem'), // which answers of batches have, too
        example: {
          type: `urn:snapvm:error:${code}`,
          title: ERROR_CODES[code],
          status,
          detail: ERROR_CODES[code],
          code,
          instance: PARAMETERS.RequestId.example,
        },
      },
    },
  };
}

/** Parts of what is given are the schemas of routes, which stay as they are. */
function copyOf(value: object): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

function quoted(code: string): string {
  return `\`${code}\``;
}

function reference(kind: string, name: string): Reference {
  return { $ref: `#/components/${kind}/${name}` };
}

/** Schemas that have a name (`title`): each stands in the document once. */
class NamedSchemas {
  readonly #found = new Map<string, Json>();

  all(): Readonly<Record<string, Json>> {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** Replaces them, those within others first; what is given is changed. Returns what stands for it. */
  replaceIn(given: unknown): Json {
    const within = given as Json;
    for (const [key, value] of Object.entries(within)) {
      if (key !== 'example' && typeof value === 'object' && value !== null)
        within[key] = this.replaceIn(value);
    }
    const { title } = within;
    if (typeof title !== 'string') return within;
    const text = JSON.stringify(within);
    const before = this.#found.get(title);
    if (before !== undefined && JSON.stringify(before) !== text)
      throw new Error(`there are two schemas ${title}`);
    this.#found.set(title, within);
    return { ...reference('schemas', title) };
  }
}
