/**
 * A process that uses snapvm as an application would, and tells its parent how each step went. Its parent says when to
 * begin a round, and may change what the process may have at the pauses (`support/conditions.ts`).
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Worker } from 'node:worker_threads';
import { UNDER_QEMU } from '../conformance/guest.js';

/**
 * Where a round pauses for its parent: before the engine starts, before the first define, before the first call, and
 * before it loses its workers, which it does for this pause only.
 */
export type Pause = 'start' | 'define' | 'call' | 'loss';

/** What a round is to do. */
export interface RoundOptions {
  readonly pauses?: readonly Pause[];
  /** Of the store, if the engine is to have one. */
  readonly store?: string;
  /** Native guests only: the others take minutes to define where a processor is emulated. */
  readonly brief?: boolean;
  /** Memory that a function takes before the others are called. */
  readonly eatMiB?: number;
}

/** How a step went. */
export interface Step {
  readonly name: string;
  /** `ok`, the code of a SnapvmError, or what else was thrown. */
  readonly outcome: string;
  readonly message: string;
  /** Thrown by something else than snapvm, or an answer that is wrong. */
  readonly untyped: boolean;
  readonly ms: number;
  /** Processor time of this process meanwhile. */
  readonly cpuMs: number;
}

/** To the parent. */
export type Report =
  | { readonly kind: 'loaded' }
  | { readonly kind: 'pause'; readonly at: Pause }
  | { readonly kind: 'done'; readonly steps: readonly Step[] };
/** From the parent. */
export type Order = { readonly kind: 'round'; readonly options: RoundOptions } | { readonly kind: 'go' };

/** A processor that is emulated takes longer. */
const SLOWNESS = UNDER_QEMU ? 8 : 1;
/** A step that takes longer hangs. */
const STEP_MS = 60_000 * SLOWNESS;
/** Of ordinary calls: long after a step that spins has been seen to. */
const LONG_MS = 40_000 * SLOWNESS;
const EATER = `export default (mib) => {
  const taken = [];
  for (let i = 0; i < mib; i++) taken.push(new Uint8Array(2 ** 20).fill(1));
  return taken.length;
};`;
const BUSYBOX = '/bin/busybox';

const guest = (name: string): string =>
  fileURLToPath(new URL(`../../guest/examples/${name}.elf`, import.meta.url));

function tell(report: Report): void {
  process.send?.(report);
}

async function order(kind: Order['kind']): Promise<Order> {
  return await new Promise((resolve) => {
    const listen = (message: Order): void => {
      if (message.kind !== kind) return;
      process.off('message', listen);
      resolve(message);
    };
    process.on('message', listen);
  });
}

async function pause(at: Pause, { pauses = [] }: RoundOptions): Promise<void> {
  if (!pauses.includes(at)) return;
  const go = order('go');
  tell({ kind: 'pause', at });
  await go;
}

const threads = new Map<number, Worker>();
process.on('worker', (worker) => threads.set(worker.threadId, worker));

const { Engine, SnapvmError } = await import('../../src/index.js');

/** One round: everything an application does, from start to close. What an earlier step has not given is left out. */
async function round(options: RoundOptions): Promise<readonly Step[]> {
  const steps: Step[] = [];
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T | undefined> => {
    const [since, cpu] = [performance.now(), process.cpuUsage()];
    let [outcome, message, untyped, result] = ['ok', '', false, undefined as T | undefined];
    try {
      result = await Promise.race([work(), hang()]);
    } catch (error) {
      const typed = error instanceof SnapvmError;
      outcome = typed ? error.code : error instanceof Error ? error.name : String(error);
      message = error instanceof Error ? (typed ? error.message : (error.stack ?? error.message)) : '';
      untyped = !typed;
    }
    const { user, system } = process.cpuUsage(cpu);
    const ms = performance.now() - since;
    steps.push({ name, outcome, message, untyped, ms, cpuMs: (user + system) / 1000 });
    return result;
  };
  const stopped = async (name: string, code: string, call: Promise<unknown>): Promise<void> => {
    await step(name, async () => {
      try {
        await call;
      } catch (error) {
        if (error instanceof SnapvmError && error.code === code) return;
        throw error;
      }
      throw new Error(`it was not stopped by ${code}`);
    });
  };

  await pause('start', options);
  const store = options.store === undefined ? {} : { store: options.store };
  const engine = await step('start', () => Engine.start({ workers: 2, ...store }));
  if (engine === undefined) return steps;
  await pause('define', options);
  const patient = { timeoutMs: LONG_MS, initTimeoutMs: LONG_MS };
  const echo = await step('define native', () => engine.define('echo', { elf: guest('echo') }, patient));
  const crash = await step('define crash', () => engine.define('crash', { elf: guest('crash') }, patient));
  const { brief = false } = options;
  const js = brief
    ? undefined
    : await step('define js', () =>
        engine.define('js', { js: `export default (x) => ({ got: x, was: '${randomUUID()}' })` }, patient),
      );
  const linux =
    !brief && existsSync(BUSYBOX)
      ? await step('define linux', () =>
          engine.define(
            'linux',
            { linux: BUSYBOX, args: ['awk', '{ print $2 }'] },
            { ...patient, warm: 'stdin' },
          ),
        )
      : undefined;
  const { eatMiB } = options;
  const eat =
    eatMiB === undefined
      ? undefined
      : await step('define eat', () =>
          engine.define('eat', { js: EATER }, { ...patient, heapBytes: 2 ** 30 }),
        );
  await pause('call', options);
  if (eat !== undefined) await step('eat', () => eat.call(eatMiB));
  if (echo !== undefined) {
    await step('call native', async () => {
      const answers = await Promise.all(['one', 'two', 'three', 'four'].map((word) => echo.call(word)));
      expect(answers.map((answer) => new TextDecoder().decode(answer)).join(), 'one,two,three,four');
    });
  }
  if (js !== undefined) {
    await step('call js', async () => expect(((await js.call(7)) as { got: number }).got, 7));
  }
  if (linux !== undefined) {
    await step('call linux', async () => {
      const { stdout } = await linux.call('one two\n');
      expect(new TextDecoder().decode(stdout), 'two\n');
    });
  }
  if (crash !== undefined) {
    await stopped('stop by time', 'SNAPVM_CALL_TIMEOUT', crash.call('', { fn: 'loop', timeoutMs: 50 }));
    await stopped('stop by cpu', 'SNAPVM_CALL_CPU', crash.call('', { fn: 'loop', cpuMs: 20 }));
    await step('fault', async () => {
      await crash.call('', { fn: 'null_write' }).then(
        () => expect('an answer', 'a fault'),
        (error: unknown) => {
          if (!(error instanceof SnapvmError) || error.code !== 'SNAPVM_GUEST_FAULT') throw error;
        },
      );
    });
    const spinning = crash.call('', { fn: 'loop', signal: AbortSignal.timeout(50) });
    await stopped('stop by signal', 'SNAPVM_CALL_ABORTED', spinning);
  }
  if (echo !== undefined && options.pauses?.includes('loss')) {
    await pause('loss', options);
    await Promise.all(engine.threadIds.map((id) => threads.get(id)?.terminate()));
    await step('call without workers', () => echo.call('five'));
  }
  for (const name of engine.list().map((handle) => handle.name))
    await step(`undefine ${name}`, () => engine.undefine(name));
  await step('close', () => engine.close());
  return steps;
}

async function hang(): Promise<never> {
  await sleep(STEP_MS, undefined, { ref: false });
  throw new Error('it hangs');
}

function expect<T>(value: T, expected: T): void {
  if (value !== expected) throw new Error(`gave ${JSON.stringify(value)}, not ${JSON.stringify(expected)}`);
}

// What nobody catches is a step's failure too: it would end an application.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tell({ kind: 'done', steps: [{ name: event, outcome: event, message, untyped: true, ms: 0, cpuMs: 0 }] });
  });
}

tell({ kind: 'loaded' });
while (process.connected) {
  const next = await Promise.race([
    order('round'),
    new Promise<undefined>((resolve) => process.once('disconnect', () => resolve(undefined))),
  ]);
  if (next?.kind !== 'round') break;
  const steps = await round(next.options);
  tell({ kind: 'done', steps });
}
