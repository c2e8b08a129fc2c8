/** The functions that are always there, of the tenant `steady`, and how they are called. */
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { BUSYBOX, guest } from '../functions.js';
import { FORGERY } from './server-log.js';
import type { Asked, Visitor } from './visitor.js';

const MiB = 2 ** 20;
/** Calls that should answer: a busy machine may stand still for a while. */
export const PATIENT = 'timeoutMs=120000&initTimeoutMs=60000';
const SPIN_MS = 20;

const SCRIPT = `let calls = 0;
export default (value) => (++calls === 1 ? value : 'not fresh');
export const bytes = (value) => value;
export const nothing = () => {};
export const fail = () => { throw new RangeError(${JSON.stringify(`as asked${FORGERY}`)}); };
export const spin = () => { for (;;); };
export const busy = (ms) => { const end = Date.now() + ms; while (Date.now() < end); return 'done'; };
export const hog = () => { for (const all = []; ; ) all.push(new Array(1000).fill(0)); };
export const recurse = () => { const f = () => 1 + f(); return f(); };
export const huge = () => 'h'.repeat(900_000);
export const tooMuch = () => new Uint8Array(3 << 20);
export const say = (value) => { console.error(value); console.info(${JSON.stringify(FORGERY)}); return 'said'; };
export const flood = () => { for (let i = 0; i < 300; i++) console.warn(i + ${JSON.stringify(FORGERY)}); return 'said'; };
`;
const AWK = '{ n += NF } END { printf "%d %d", NR, n }';
/** Writes 500,000 bytes. */
const DRIP = 'BEGIN { while (n++ < 500) printf "%01000d", 0 }';
const WORDS = 'to be or not to be that is the question\n'.repeat(50);
const LARGE = [randomBytes(MiB), randomBytes(MiB)];

export const HAS_PROGRAMS = existsSync(BUSYBOX);
const program = (name: string, ...args: string[]): string =>
  `&argv0=${name}${args.map((arg) => `&args=${encodeURIComponent(arg)}`).join('')}`;

/** What is deployed for them: paths with their policies. */
function sources(): readonly (readonly [path: string, type: string, body: string | Uint8Array])[] {
  const native = 'application/vnd.snapvm.native+elf';
  const linux = 'application/vnd.snapvm.linux+elf';
  return [
    [`echo?${PATIENT}`, native, guest('examples/echo')],
    [`echo-large?${PATIENT}&inputBytes=${2 * MiB}&outputBytes=${2 * MiB}`, native, guest('examples/echo')],
    [`crash?${PATIENT}`, native, guest('examples/crash')],
    [`script?${PATIENT}&heapBytes=${32 * MiB}`, 'text/javascript', SCRIPT],
    [`constructor?${PATIENT}`, 'text/javascript', 'export default () => "a name like others";'],
    [
      `spin?timeoutMs=${SPIN_MS}&initTimeoutMs=60000`,
      'text/javascript',
      'export default () => { for (;;); };',
    ],
    ...(HAS_PROGRAMS
      ? ([
          [`awk?${PATIENT}&warm=stdin${program('awk', AWK)}`, linux, readFileSync(BUSYBOX)],
          [`yes?${PATIENT}${program('yes')}`, linux, readFileSync(BUSYBOX)],
          [`drip?${PATIENT}${program('awk', DRIP)}`, linux, readFileSync(BUSYBOX)],
        ] as const)
      : []),
  ];
}

/** Deploys them. After a restart nothing is deployed anew. */
export async function deployAll(visitor: Visitor): Promise<void> {
  for (const [path, type, body] of sources())
    await visitor.ask(
      'deploy',
      { method: 'PUT', path: `/v1/functions/${path}`, headers: { 'content-type': type }, body },
      ['201'],
    );
}

export const JSON_TYPE = { 'content-type': 'application/json' };
export const BYTES_TYPE = { 'content-type': 'application/octet-stream' };

/** One kind of request, how often it is made, and what it must be answered. */
export interface Job {
  readonly kind: string;
  /** Of the sum of all. */
  readonly weight: number;
  run(visitor: Visitor): Promise<unknown>;
}

/** A plain echo, which counts for the latency. */
export const PLAIN = 'echo';

function call(name: string, body?: unknown, fn?: string): Asked {
  return {
    path: `/v1/functions/${name}`,
    headers: { ...JSON_TYPE, ...(fn !== undefined && { 'snapvm-fn': fn }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  };
}

const CRASHES = [
  ['null_read', 'SNAPVM_GUEST_FAULT'],
  ['stack_overflow', 'SNAPVM_GUEST_FAULT'],
  ['syscall', 'SNAPVM_GUEST_UNSUPPORTED'],
  ['heap_exhausted', 'SNAPVM_GUEST_ABORT'],
  ['big_output', 'SNAPVM_GUEST_FAILED'],
] as const;

/** Calls with one answer. */
export function calls(): readonly Job[] {
  const asks = (
    kind: string,
    weight: number,
    wants: string,
    asked: () => Asked,
    answer?: string | Uint8Array,
  ): Job => ({
    kind,
    weight,
    run: (visitor) =>
      visitor.ask(
        kind,
        asked(),
        [wants],
        ({ body }) => answer === undefined || body.equals(Buffer.from(answer)),
      ),
  });
  const echo = (kind: string, weight: number, name: string, bytes: () => Buffer): Job => ({
    kind,
    weight,
    run: (visitor) => {
      const body = bytes();
      const asked = { path: `/v1/functions/${name}`, headers: BYTES_TYPE, body };
      return visitor.ask(kind, asked, ['200'], (answer) => answer.body.equals(body));
    },
  });
  const value = (): unknown => ({
    id: randomBytes(20).toString('hex'),
    __proto: 'ü\u2028\n',
    list: [1, null, 1.5],
  });
  return [
    echo(PLAIN, 300, 'echo', () => randomBytes(64)),
    echo('echo, to 16,000 bytes', 40, 'echo', () => randomBytes(randomInt(1, 16_000))),
    echo('echo, 1 MiB', 4, 'echo-large', () => LARGE[randomInt(2)] as Buffer),
    {
      kind: 'script',
      weight: 150,
      run: (visitor) => {
        const asked = call('script', value());
        return visitor.ask('script', asked, ['200'], ({ body }) => body.toString() === asked.body);
      },
    },
    asks('script, nothing', 10, '204', () => call('script', undefined, 'nothing'), ''),
    asks('script that throws', 10, '422 SNAPVM_JS_ERROR', () => call('script', 1, 'fail')),
    asks('script without memory', 1, '422 SNAPVM_JS_MEMORY', () => call('script', 1, 'hog')),
    asks('script that recurses', 4, '422 SNAPVM_JS_RECURSION', () => call('script', 1, 'recurse')),
    asks(
      'script, huge answer',
      4,
      '200',
      () => call('script', 1, 'huge'),
      JSON.stringify('h'.repeat(900_000)),
    ),
    asks('script, answer too large', 4, '422 SNAPVM_GUEST_LIMIT', () => call('script', 1, 'tooMuch')),
    asks('script that logs', 20, '200', () => call('script', FORGERY, 'say'), '"said"'),
    asks('script that floods its log', 2, '200', () => call('script', 1, 'flood'), '"said"'),
    asks('script, input too large', 4, '413 SNAPVM_CALL_INPUT_TOO_LARGE', () =>
      call('script', 'x'.repeat(1.5 * MiB)),
    ),
    asks('script, JSON cut short', 4, '400 SNAPVM_SERVER_REQUEST', () => ({
      ...call('script'),
      body: '{"a":',
    })),
    asks('script, nested', 2, '400 SNAPVM_SERVER_REQUEST', () => ({
      ...call('script'),
      body: '['.repeat(100_000),
    })),
    asks('body too large', 1, '413 SNAPVM_SERVER_TOO_LARGE', () => ({
      ...call('echo'),
      body: Buffer.alloc(9 * MiB),
    })),
    asks('native, input too large', 4, '413 SNAPVM_CALL_INPUT_TOO_LARGE', () => ({
      ...call('echo'),
      body: Buffer.alloc(20_000),
    })),
    {
      kind: 'crash',
      weight: 20,
      run: (visitor) => {
        const [fn, code] = CRASHES[randomInt(CRASHES.length)] as (typeof CRASHES)[number];
        return visitor.ask('crash', call('crash', undefined, fn), [`422 ${code}`]);
      },
    },
    asks('ok after a crash', 20, '200', () => call('crash'), 'ok'),
    asks('spin', 4, '422 SNAPVM_CALL_TIMEOUT', () => call('spin')),
    asks('deadline', 3, '504 SNAPVM_CALL_DEADLINE', () => ({
      path: '/v1/functions/script',
      headers: { ...JSON_TYPE, 'snapvm-fn': 'spin', 'snapvm-deadline-ms': '30' },
    })),
    asks('unknown function', 5, '404 SNAPVM_SERVER_UNKNOWN', () => call('nobody')),
    asks('unknown export', 5, '404 SNAPVM_CALL_FUNCTION', () => call('echo', undefined, 'ecko')),
    asks('another tenant’s function', 5, '404 SNAPVM_SERVER_UNKNOWN', () => ({
      ...call('echo'),
      tenant: 'owner',
    })),
    asks('a name like others', 5, '200', () => call('constructor'), '"a name like others"'),
    asks('list', 4, '200', () => ({ method: 'GET', path: '/v1/functions' })),
    asks('describe', 4, '200', () => ({ method: 'GET', path: '/v1/functions/script' })),
    asks('kept log', 4, '200', () => ({ method: 'GET', path: '/v1/functions/script/logs' })),
    asks('metrics', 1, '200', () => ({ tenant: 'owner', method: 'GET', path: '/metrics' })),
    asks('ready', 4, '200', () => ({ token: '', method: 'GET', path: '/readyz' }), '{"status":"ready"}'),
    ...(HAS_PROGRAMS
      ? [
          asks('program', 60, '200', () => ({ path: '/v1/functions/awk', body: WORDS }), '50 500'),
          asks('program without end', 2, '422 SNAPVM_GUEST_LIMIT', () => ({ path: '/v1/functions/yes' })),
        ]
      : []),
  ];
}
