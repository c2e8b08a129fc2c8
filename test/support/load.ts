/** A load: many callers, many functions, calls of many kinds, each checked by what it must come to. */
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import {
  type CallOptions,
  type Engine,
  type EngineOptions,
  type FunctionHandle,
  SnapvmError,
} from '../../src/index.js';
import { guestPath, seeded } from './sandbox.js';

export type Kind =
  | 'echo'
  | 'large'
  | 'reverse'
  | 'crash'
  | 'spin'
  | 'fail'
  | 'host'
  | 'hostAsync'
  | 'log'
  | 'abortRun'
  | 'abortSpin'
  | 'abortHost'
  | 'oversized';

/** How often each kind is called, in proportion. */
export type Mix = Readonly<Partial<Record<Kind, number>>>;

/** Everything there is, and mostly what is plain. */
export const EVERYTHING: Mix = {
  echo: 400,
  large: 20,
  reverse: 200,
  crash: 40,
  spin: 10,
  fail: 40,
  host: 80,
  hostAsync: 80,
  log: 60,
  abortRun: 40,
  abortSpin: 10,
  abortHost: 20,
  oversized: 20,
};

export interface Load {
  readonly callers: number;
  /** Of all callers together. */
  readonly calls: number;
  readonly mix: Mix;
  readonly seed: number;
  /** Codes that any call may end with. @default none */
  readonly mayFailWith?: readonly string[];
  /** Told after each call. */
  readonly onCall?: (ended: number) => void;
}

export interface LoadReport {
  /** Calls made, each of which has ended. */
  readonly calls: number;
  /** By kind: how many ended with `ok` or with which code. */
  readonly outcomes: Readonly<Partial<Record<Kind, Record<string, number>>>>;
  /** How many ended with which code, all kinds together. */
  readonly codes: Readonly<Record<string, number>>;
  /** What was not as it must be. */
  readonly wrong: readonly string[];
}

/** A call before it is made: whom, with what, and what it must come to. */
interface Plan {
  readonly handle: FunctionHandle;
  readonly input: Uint8Array;
  readonly options: CallOptions;
  /** The codes it may end with; `ok`: it answers `answer`. */
  readonly expected: readonly string[];
  readonly answer: Uint8Array;
  /** Milliseconds after which its signal aborts. */
  readonly abortMs?: number;
}

type Random = () => number;

const LONG_MS = 60_000;
const SPIN_MS = 2;
const ABORT_WITHIN_MS = 4;
const SMALL_BYTES = 300;
const ROOM_BYTES = 128 * 1024;
/** Host functions of `abortHost` calls that nobody stops answer after this. */
const SLOW_MS = 20;
const FAULTS = ['null_write', 'divide', 'undefined', 'stack_overflow', 'execute_heap'];
const EMPTY = new Uint8Array(0);

/** The functions that a load calls, in an engine that was started with `options`. */
export class Fleet {
  readonly #echo: FunctionHandle[] = [];
  readonly #crash: FunctionHandle[] = [];
  readonly #host: FunctionHandle[] = [];
  /** Lines the guests logged; host functions run, by what they were called with. */
  lines = 0;
  readonly asked = new Map<string, number>();
  #ids = 0;

  /** What the engine has to be started with. */
  get options(): EngineOptions {
    const count = (): void => {
      this.lines += 1;
    };
    const ask = (input: Uint8Array): string => {
      const text = Buffer.from(input).toString();
      this.asked.set(text, (this.asked.get(text) ?? 0) + 1);
      return text;
    };
    return {
      logger: { error: count, warn: count, info: count, debug: count, trace: count },
      hostFunctions: {
        ghost: (input) => `${ask(input)}, at once`,
        lookup: async (input) => {
          const text = ask(input);
          await (text.startsWith('slow') ? wait(SLOW_MS) : nextTurn());
          return `${text}, later`;
        },
      },
    };
  }

  /** Defines so many functions: half of them echo, the others crash or call the host. */
  async define(engine: Engine, count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      if (i % 2 === 0) this.#echo.push(await this.#one(engine, `echo ${i}`, 'examples/echo', i));
      else if (i % 4 === 1) this.#crash.push(await this.#one(engine, `crash ${i}`, 'examples/crash', i));
      else this.#host.push(await this.#one(engine, `host ${i}`, 'examples/hostcall', i));
    }
  }

  /** Every function, for a last call of each. */
  get handles(): readonly FunctionHandle[] {
    return [...this.#echo, ...this.#crash, ...this.#host];
  }

  /** Names a call. */
  nextId(): number {
    return ++this.#ids;
  }

  plan(kind: Kind, id: number, random: Random): Plan {
    const echo = pick(this.#echo, random);
    const crash = pick(this.#crash, random);
    const host = pick(this.#host, random);
    const ask = Buffer.from(`${kind === 'abortHost' ? 'slow' : 'quick'} ${id}`);
    const abortMs = random() * ABORT_WITHIN_MS;
    const small = (): Uint8Array => content(id, Math.floor(random() * SMALL_BYTES));
    switch (kind) {
      case 'echo':
        return answering(echo, small(), { fn: 'echo' });
      case 'large':
        return answering(echo, content(id, 16_000 + Math.floor(random() * (ROOM_BYTES - 16_064))), {});
      case 'reverse': {
        const input = small();
        return answering(echo, input, { fn: 'reverse' }, input.slice().reverse());
      }
      case 'crash':
        return failing(crash, 'SNAPVM_GUEST_FAULT', { fn: pick(FAULTS, random) });
      case 'spin':
        return failing(crash, 'SNAPVM_CALL_TIMEOUT', { fn: 'loop', timeoutMs: SPIN_MS });
      case 'fail':
        return failing(crash, 'SNAPVM_GUEST_FAILED', { fn: 'big_output' });
      case 'host':
        return answering(host, ask, { fn: 'ghost' }, Buffer.from(`${ask}, at once`));
      case 'hostAsync':
        return answering(host, ask, { fn: 'lookup' }, Buffer.from(`${ask}, later`));
      case 'log':
        return answering(host, ask, { fn: 'say' }, Buffer.from('said'));
      case 'abortRun':
        return { ...answering(echo, small(), {}), expected: ['ok', 'SNAPVM_CALL_ABORTED'], abortMs };
      case 'abortSpin':
        return { ...failing(crash, 'SNAPVM_CALL_ABORTED', { fn: 'loop' }), abortMs };
      case 'abortHost': {
        const plan = answering(host, ask, { fn: 'lookup' }, Buffer.from(`${ask}, later`));
        return { ...plan, expected: ['ok', 'SNAPVM_CALL_ABORTED'], abortMs: random() * 2 * SLOW_MS };
      }
      case 'oversized':
        return {
          ...failing(echo, 'SNAPVM_CALL_INPUT_TOO_LARGE', {}),
          input: new Uint8Array(ROOM_BYTES + 1),
        };
    }
  }

  #one(engine: Engine, name: string, guest: string, i: number): Promise<FunctionHandle> {
    const source = { elf: guestPath(guest), initData: Buffer.from(`${i}`) };
    return engine.define(name, source, {
      inputBytes: ROOM_BYTES,
      outputBytes: ROOM_BYTES,
      hostFunctions: ['lookup', 'ghost'],
      logLevel: 3,
    });
  }
}

/** Runs a load to its end. */
export async function runLoad(fleet: Fleet, load: Load): Promise<LoadReport> {
  const random = seeded(load.seed);
  const kinds = Object.entries(load.mix) as [Kind, number][];
  const total = kinds.reduce((sum, [, weight]) => sum + weight, 0);
  const outcomes: Partial<Record<Kind, Record<string, number>>> = {};
  const codes: Record<string, number> = {};
  const wrong: string[] = [];
  let made = 0;
  let ended = 0;
  const one = async (): Promise<void> => {
    const id = fleet.nextId();
    made += 1;
    const kind = choose(kinds, random() * total);
    const plan = fleet.plan(kind, id, random);
    const { outcome, problem, message } = await make(plan);
    ended += 1;
    const known = [...plan.expected, ...(load.mayFailWith ?? [])];
    if (problem !== undefined || !known.includes(outcome)) {
      wrong.push(`call ${id} (${kind} of ${plan.handle.name}): ${outcome} ${problem ?? message ?? ''}`);
    }
    const ofKind = outcomes[kind] ?? {};
    outcomes[kind] = { ...ofKind, [outcome]: (ofKind[outcome] ?? 0) + 1 };
    if (outcome !== 'ok') codes[outcome] = (codes[outcome] ?? 0) + 1;
    load.onCall?.(ended);
  };
  const caller = async (): Promise<void> => {
    while (made < load.calls) await one();
  };
  await Promise.all(Array.from({ length: load.callers }, caller));
  if (ended !== load.calls) wrong.push(`${ended} of ${load.calls} calls ended`);
  for (const [text, times] of fleet.asked) {
    if (times > 1) wrong.push(`the host was asked ${times} times for ${text}`);
  }
  return { calls: ended, outcomes, codes, wrong };
}

/** How a call ended. */
interface Ending {
  /** `ok`, or the error's code. */
  readonly outcome: string;
  /** What is wrong with it, whatever was expected. */
  readonly problem?: string;
  /** Of the error. */
  readonly message?: string;
}

/** Makes one call and says how it ended. Its input is overwritten at once: it has to be copied by then. */
async function make(plan: Plan): Promise<Ending> {
  const { handle, input, answer, abortMs } = plan;
  const controller = new AbortController();
  const signal = abortMs === undefined ? {} : { signal: controller.signal };
  const timer = abortMs === undefined ? undefined : setTimeout(() => controller.abort(), abortMs);
  try {
    const call = handle.call(input, { ...plan.options, ...signal });
    input.fill(0xee);
    const output = await call;
    return Buffer.compare(output, answer) === 0
      ? { outcome: 'ok' }
      : { outcome: 'ok', problem: `answered ${output.length} bytes instead of ${answer.length}, or others` };
  } catch (error) {
    if (!(error instanceof SnapvmError)) return { outcome: 'thrown', problem: String(error) };
    return error.code === 'SNAPVM_INTERNAL'
      ? { outcome: error.code, problem: error.message }
      : { outcome: error.code, message: error.message };
  } finally {
    clearTimeout(timer);
  }
}

function answering(handle: FunctionHandle, input: Uint8Array, options: CallOptions, answer = input): Plan {
  const given = { timeoutMs: LONG_MS, ...options };
  return { handle, input: new Uint8Array(input), options: given, expected: ['ok'], answer };
}

function failing(handle: FunctionHandle, code: string, options: CallOptions): Plan {
  const given = { timeoutMs: LONG_MS, ...options };
  return { handle, input: EMPTY, options: given, expected: [code], answer: EMPTY };
}

/** Bytes that no other call has. */
function content(id: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = (id + 1) * 0x9e3779b1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 0x41c64e6d) + 12_345) | 0;
    bytes[i] = state >>> 16;
  }
  return bytes;
}

function pick<T>(of: readonly T[], random: Random): T {
  return of[Math.floor(random() * of.length)] as T;
}

function choose(kinds: readonly [Kind, number][], at: number): Kind {
  let rest = at;
  for (const [kind, weight] of kinds) {
    rest -= weight;
    if (rest < 0) return kind;
  }
  throw new Error('a mix without weights');
}
