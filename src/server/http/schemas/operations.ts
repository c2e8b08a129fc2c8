/** What the OpenAPI document says of each route beside its schemas: its group, its problems, and examples. */

/** A route, by its `operationId`. */
export interface OperationNotes {
  readonly tag: keyof typeof TAGS;
  /** The statuses of its problems, beside those that every route of its role has. */
  readonly problems: readonly number[];
  /** A body, by its type. */
  readonly request?: Readonly<Record<string, unknown>>;
  /** Bodies of its answers, by status and type. */
  readonly answers: Readonly<Record<number, Readonly<Record<string, unknown>>>>;
}

export const TAGS = {
  functions: 'Functions, their versions and aliases.',
  calls: 'Calls, at once or later.',
  inspection: 'What is inside a function: its log and its memory.',
  operations: 'For those who run the server.',
} as const;

const JSON_TYPE = 'application/json';
const LINES_TYPE = 'application/x-ndjson';
const EVENTS_TYPE = 'text/event-stream';
const BYTES_TYPE = 'application/octet-stream';

/** Values of parameters, by their names. */
export const PARAMETER_EXAMPLES: Readonly<Record<string, unknown>> = {
  name: 'greet',
  alias: 'beta',
  version: '2',
  id: '6e2bf91c-2b64-4c0e-9a53-0d6c1f0a7b11',
  timeoutMs: 50,
  hostFunctions: ['lookup', 'store'],
  args: ['-n', 'one'],
  env: ['LANG=C'],
  locales: ['de', 'pt-BR'],
  after: 'greet',
  'snapvm-fn': 'default',
  'snapvm-timeout-ms': 50,
  'snapvm-deadline-ms': 200,
  'snapvm-args': '["-n","one"]',
};

const VERSION = '0f'.repeat(32);
const CREATED = '2026-01-31T12:00:00.000Z';
const ID = PARAMETER_EXAMPLES['id'];
const SOURCE = 'export default ({ name }) => ({ hello: name });';
const TS_SOURCE = 'export default ({ name }: { name: string }) => ({ hello: name });';

const version = {
  version: VERSION,
  revision: 2,
  kind: 'js',
  createdAt: CREATED,
  functions: ['default'],
  bytes: SOURCE.length,
  policy: { timeoutMs: 50 },
};
const live = [{ version: VERSION, revision: 2, weight: 100 }];
const summary = { name: 'greet', createdAt: CREATED, live, kind: 'js' };
const info = {
  ...summary,
  policy: version.policy,
  versions: [version],
  aliases: { live },
  canRollBack: true,
  counters: { calls: 10, errors: { SNAPVM_JS_ERROR: 1 }, p50Us: 40, p99Us: 90 },
};
const line = {
  time: CREATED,
  level: 'info',
  text: 'hello Ada',
  fn: 'default',
  requestId: 'a1b2c3',
};
const map = {
  name: 'greet',
  version: VERSION,
  revision: 2,
  privilege: 'user',
  regions: [{ name: 'heap', gpa: '0x800000', gva: '0x800000', bytes: 8_388_608, rights: 'rw-', ring: 3 }],
  pageTables: { tables: 7, bytes: 28_672, pages: [{ ring: 3, rights: 'rw-', count: 2048 }] },
  snapshotBytes: { own: 262_144, shared: 4_194_304 },
};
const failed = {
  type: 'urn:snapvm:error:SNAPVM_JS_ERROR',
  title: 'the JavaScript function threw',
  status: 422,
  detail: 'greet: TypeError: cannot read property of null',
  code: 'SNAPVM_JS_ERROR',
  instance: 'a1b2c3',
  function: 'greet',
  fn: 'default',
  thrown: { name: 'TypeError', message: 'cannot read property of null' },
};
const answers = [
  { status: 200, result: { hello: 'Ada' } },
  { status: 422, problem: failed },
];
const inputs = [{ name: 'Ada' }, null];

/** Of a route that selects a version. */
const SELECTING = [400, 404, 409, 422];
/** Of a route that reads a body. */
const WITH_BODY = [400, 413, 415];

export const OPERATIONS: Readonly<Record<string, OperationNotes>> = {
  deploy: {
    tag: 'functions',
    problems: [...WITH_BODY, 422, 429],
    request: {
      'application/javascript': SOURCE,
      'text/javascript': SOURCE,
      'application/typescript': TS_SOURCE,
      'text/typescript': TS_SOURCE,
      'application/vnd.snapvm.native+elf': 'the bytes of an ELF',
      'application/vnd.snapvm.linux+elf': 'the bytes of an ELF',
      'multipart/form-data': {
        policy: { timeoutMs: 50, args: ['-'] },
        source: 'the bytes of an ELF',
        files: 'the bytes of a tar',
      },
    },
    answers: {
      200: { [JSON_TYPE]: { name: 'greet', created: false, ...version } },
      201: { [JSON_TYPE]: { name: 'greet', created: true, ...version } },
    },
  },
  listFunctions: {
    tag: 'functions',
    problems: [400],
    answers: { 200: { [JSON_TYPE]: { functions: [summary], next: 'greet' } } },
  },
  getFunction: { tag: 'functions', problems: [400, 404], answers: { 200: { [JSON_TYPE]: info } } },
  removeFunction: { tag: 'functions', problems: [400, 404], answers: {} },
  rollBack: { tag: 'functions', problems: [400, 404, 409], answers: { 200: { [JSON_TYPE]: info } } },
  setAlias: {
    tag: 'functions',
    problems: [...WITH_BODY, 404, 409],
    request: {
      [JSON_TYPE]: {
        split: [
          { version: '1', weight: 90 },
          { version: '2', weight: 10 },
        ],
      },
    },
    answers: { 200: { [JSON_TYPE]: info } },
  },
  removeAlias: { tag: 'functions', problems: [400, 404, 409], answers: {} },
  call: {
    tag: 'calls',
    problems: [...SELECTING, ...WITH_BODY, 429, 504],
    request: { [JSON_TYPE]: { name: 'Ada' }, [BYTES_TYPE]: 'any bytes' },
    answers: {
      200: {
        [JSON_TYPE]: { hello: 'Ada' },
        [BYTES_TYPE]: 'any bytes',
        [EVENTS_TYPE]: 'event: stdout\ndata: {"base64":"b25l"}\n\nevent: end\ndata: {"exitCode":0}\n\n',
      },
    },
  },
  callMany: {
    tag: 'calls',
    problems: [...SELECTING, ...WITH_BODY, 429],
    request: { [JSON_TYPE]: inputs, [LINES_TYPE]: linesOf(inputs) },
    answers: { 200: { [JSON_TYPE]: answers, [LINES_TYPE]: linesOf(answers) } },
  },
  callAsync: {
    tag: 'calls',
    problems: [...SELECTING, ...WITH_BODY, 429],
    request: { [JSON_TYPE]: { name: 'Ada' }, [BYTES_TYPE]: 'any bytes' },
    answers: { 202: { [JSON_TYPE]: { id: ID, state: 'queued' } } },
  },
  getCall: {
    tag: 'calls',
    problems: [404],
    answers: {
      200: {
        [JSON_TYPE]: {
          id: ID,
          function: 'greet',
          version: VERSION,
          revision: 2,
          state: 'succeeded',
          createdAt: CREATED,
          endedAt: CREATED,
          expiresAt: '2026-01-31T13:00:00.000Z',
          result: { hello: 'Ada' },
        },
      },
    },
  },
  cancelCall: {
    tag: 'calls',
    problems: [404],
    answers: { 200: { [JSON_TYPE]: { id: ID, state: 'cancelled' } } },
  },
  getLogs: {
    tag: 'inspection',
    problems: [400, 404, 429],
    answers: {
      200: {
        [JSON_TYPE]: { lines: [line] },
        [EVENTS_TYPE]: `event: line\ndata: ${JSON.stringify(line)}\n\nevent: end\ndata: {"dropped":false}\n\n`,
      },
    },
  },
  getMemory: { tag: 'inspection', problems: SELECTING, answers: { 200: { [JSON_TYPE]: map } } },
  mcp: {
    tag: 'calls',
    problems: [...WITH_BODY, 404],
    request: { [JSON_TYPE]: { jsonrpc: '2.0', id: 1, method: 'tools/list' } },
    answers: {
      200: { [JSON_TYPE]: { jsonrpc: '2.0', id: 1, result: { tools: [] } } },
      406: {
        [JSON_TYPE]: {
          jsonrpc: '2.0',
          id: null,
          error: { code: -32_000, message: 'Not Acceptable' },
        },
      },
    },
  },
  health: { tag: 'operations', problems: [], answers: { 200: { [JSON_TYPE]: { status: 'ok' } } } },
  readiness: {
    tag: 'operations',
    problems: [],
    answers: {
      200: { [JSON_TYPE]: { status: 'ready' } },
      503: { [JSON_TYPE]: { status: 'draining' } },
    },
  },
  metrics: {
    tag: 'operations',
    problems: [],
    answers: { 200: { 'text/plain': 'snapvm_async_calls_queued 0\n' } },
  },
  openapi: { tag: 'operations', problems: [], answers: { 200: { [JSON_TYPE]: { openapi: '3.1.0' } } } },
};

function linesOf(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}
