/** The kinds of calls, how often each is made, and what it must come to. */
import { randomBytes, randomInt } from 'node:crypto';
import type { CallOptions, ErrorCode, Input } from '../../src/index.js';
import { type Callable, type Functions, THROWS } from './functions.js';

/** An answer, or an error's code. */
export type Want = Uint8Array | string | ErrorCode;

/** A call on its way, and what it may come to. */
export interface Started {
  readonly reply: Promise<unknown>;
  readonly wants: readonly Want[];
  /** Whether it counts for the latency. */
  readonly plain?: boolean;
}

export interface Job {
  readonly kind: string;
  /** Of the sum of all. */
  readonly weight: number;
  start(): Started;
}

const CRASHES: readonly (readonly [fn: string, code: ErrorCode])[] = [
  ['null_read', 'SNAPVM_GUEST_FAULT'],
  ['divide', 'SNAPVM_GUEST_FAULT'],
  ['undefined', 'SNAPVM_GUEST_FAULT'],
  ['stack_overflow', 'SNAPVM_GUEST_FAULT'],
  ['port', 'SNAPVM_GUEST_FAULT'],
  ['syscall', 'SNAPVM_GUEST_UNSUPPORTED'],
  ['heap_exhausted', 'SNAPVM_GUEST_ABORT'],
  ['double_free', 'SNAPVM_GUEST_ABORT'],
  ['big_output', 'SNAPVM_GUEST_FAILED'],
];
const FORGERIES: readonly (readonly [fn: string, code: ErrorCode])[] = [
  ['length_huge', 'SNAPVM_GUEST_PROTOCOL'],
  ['kind_unknown', 'SNAPVM_GUEST_PROTOCOL'],
  ['log_flood', 'SNAPVM_GUEST_LIMIT'],
];
const MiB = 2 ** 20;
const PLAIN_BYTES = 64;
const LARGE = [randomBytes(MiB), randomBytes(MiB), randomBytes(MiB)];
const WORDS = 'to be or not to be that is the question\n'.repeat(50);
const ABORT_MS = 2;

export function jobs(functions: Functions): Job[] {
  const of = (name: string): Callable => {
    const handle = functions.get(name);
    if (handle === undefined) throw new Error(`the load has no function ${name}`);
    return handle;
  };
  const job = (kind: string, weight: number, start: () => Started): Job => ({ kind, weight, start });
  const call = (name: string, want: Want, input?: Input, options: CallOptions = {}): Started => ({
    reply: of(name).call(input, options),
    wants: [want],
  });
  /** With a part that no other call has, so that a wrong answer cannot pass for it. */
  const echo = (name: string, bytes: number): Started => {
    const input = randomBytes(bytes);
    return call(name, input, input);
  };
  const aborted = (): Started => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), ABORT_MS);
    return call('crash', 'SNAPVM_CALL_ABORTED', '', { fn: 'loop', signal: controller.signal });
  };
  const many = Array.from({ length: 5 }, (_, i) => `looked ${i + 1} up;`).join('');
  return [
    job('echo', 7000, () => ({ ...echo(`echo-${randomInt(8)}`, PLAIN_BYTES), plain: true })),
    job('echo, 1 to 16,000 bytes', 600, () => echo(`echo-${randomInt(8)}`, randomInt(1, 16_000))),
    job('echo, verifyRestore', 30, () => echo('echo-verified', 1000)),
    job('echo, warm: false', 30, () => echo('echo-cold', 1000)),
    job('echo, 1 MiB', 10, () => {
      const input = pick(LARGE);
      return call('echo-large', input, input);
    }),
    job('counter', 500, () => call('counter', '1')),
    job('wordcount', 300, () => call('wordcount', `50 500 ${WORDS.length}`, WORDS, { fn: 'count' })),
    job('host function, async', 200, () => call('host-async', 'looked this up', 'this', { fn: 'lookup' })),
    job('host function, 5 in a call', 50, () => call('host-async', many, '5', { fn: 'many' })),
    job('host function, sync', 200, () => call('host-sync', 'a ghost says boo', 'boo', { fn: 'ghost' })),
    job('host function that throws', 50, () => call('host-sync', 'failed', THROWS, { fn: 'ghost' })),
    job('host function, not allowed', 50, () => call('host-sync', 'not allowed', 'x', { fn: 'lookup' })),
    job('log', 300, () => call('log', 'said', 'a line of the guest', { fn: 'say' })),
    job('crash', 200, () => {
      const [fn, code] = pick(CRASHES);
      return call('crash', code, '', { fn });
    }),
    job('ok after a crash', 200, () => call('crash', 'ok')),
    job('forged message', 50, () => {
      const [fn, code] = pick(FORGERIES);
      return call('forge', code, '', { fn });
    }),
    job('spin, 5 ms', 15, () => call('spin', 'SNAPVM_CALL_TIMEOUT', '', { fn: 'loop' })),
    job('spin over its heap, 5 ms', 5, () => call('spin', 'SNAPVM_CALL_TIMEOUT', '', { fn: 'loop_pages' })),
    job('spin, 3 ms of CPU', 10, () => call('crash', 'SNAPVM_CALL_CPU', '', { fn: 'loop', cpuMs: 3 })),
    job('aborted after 2 ms', 15, aborted),
    job('deadline after 3 ms', 10, () =>
      call('crash', 'SNAPVM_CALL_DEADLINE', '', { fn: 'loop', deadlineMs: 3 }),
    ),
    job('input too large', 50, () => call('echo-0', 'SNAPVM_CALL_INPUT_TOO_LARGE', new Uint8Array(20_000))),
    job('script', 500, () => echo('script', 200)),
    job('script that asks the host', 100, () =>
      call('script', 'a ghost says boo', Buffer.from('boo'), { fn: 'ask' }),
    ),
    job('script that throws', 50, () => call('script', 'SNAPVM_JS_ERROR', '', { fn: 'fail' })),
    job('script without memory', 2, () => call('script', 'SNAPVM_JS_MEMORY', '', { fn: 'hog' })),
    ...(functions.has('supervisor')
      ? [
          job('echo, supervisor', 30, () => echo('echo-supervisor', 1000)),
          job('crash, triple fault', 10, () =>
            call('supervisor', 'SNAPVM_GUEST_SHUTDOWN', '', { fn: 'triple' }),
          ),
        ]
      : []),
    ...(functions.has('awk')
      ? [
          job('program', 100, () => call('awk', '50 500', WORDS)),
          job('program, frozen', 300, () => call('awk-frozen', '50 500', WORDS)),
        ]
      : []),
    job('unknown function', 50, () => call('echo-0', 'SNAPVM_CALL_FUNCTION', '', { fn: 'ecko' })),
  ];
}

function pick<T>(list: readonly T[]): T {
  return list[randomInt(list.length)] as T;
}
