/** Restore and run in one thread, beside the floor. Rounds are interleaved, so that drift of the machine cancels. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { native } from '../src/native.js';
import { type DerivedSnapshot, deriveSnapshot } from '../src/snapshot/derive.js';
import { Snapshot } from '../src/snapshot/snapshot.js';
import { FrozenGuests } from '../workers/frozen-guests.js';
import { type FloorResult, runFloor } from './floor/floor.js';
import type { InThreadData, InThreadRound } from './in-thread-worker.js';
import { ECHO, PAYLOAD_BYTES, type Plan } from './plan.js';
import { median, round } from './statistics.js';

const OPTIONS = { maxExits: 100, maxLogBytes: 0, verifyRestore: false };

export interface InThreadResult {
  /** Engine over floor, the median of the ratios of neighbouring rounds. */
  readonly ratio: number;
  readonly spread: readonly [least: number, most: number];
  readonly dirty_pages: number;
  readonly engine: { readonly p50_us: number; readonly p99_us: number; readonly calls_per_s: number };
  readonly floor: Pick<FloorResult, 'pages' | 'exit_us' | 'restore_us' | 'invoke_us' | 'invokes_per_s'>;
  /** What the engine adds to the floor, in microseconds. */
  readonly own_us: number;
}

/** Restore and run in a worker thread, over the floor's invoke_us with as many pages as the engine finds dirty. */
export async function inThread({ rounds, calls, progress }: Plan): Promise<InThreadResult> {
  const guest = await readyEcho();
  const data: InThreadData = { descriptor: guest.descriptor, functionIndex: 0, inputBytes: PAYLOAD_BYTES };
  const worker = new Worker(new URL('in-thread-worker.js', import.meta.url), { workerData: data });
  const measure = async (count: number): Promise<InThreadRound> => {
    const answer = once(worker, 'message');
    worker.postMessage(count);
    return ((await answer) as [InThreadRound])[0];
  };
  try {
    const { dirty_pages } = await measure(calls);
    const engine: InThreadRound[] = [];
    const floor: FloorResult[] = [];
    for (let i = 0; i < rounds; i++) {
      progress(`inThread: round ${i + 1} of ${rounds}`);
      floor.push(await runFloor({ threads: 1, pages: dirty_pages, runs: calls }));
      engine.push(await measure(calls));
    }
    const ratios = engine.map((mine, i) => mine.p50_us / (floor[i]?.invoke_us ?? Number.NaN));
    const of = <T>(list: readonly T[], pick: (item: T) => number): number => round(median(list.map(pick)));
    return {
      ratio: round(median(ratios), 3),
      spread: [round(Math.min(...ratios), 3), round(Math.max(...ratios), 3)],
      dirty_pages,
      engine: {
        p50_us: of(engine, (r) => r.p50_us),
        p99_us: of(engine, (r) => r.p99_us),
        calls_per_s: of(engine, (r) => r.calls_per_s),
      },
      floor: {
        pages: dirty_pages,
        exit_us: of(floor, (r) => r.exit_us),
        restore_us: of(floor, (r) => r.restore_us),
        invoke_us: of(floor, (r) => r.invoke_us),
        invokes_per_s: of(floor, (r) => r.invokes_per_s),
      },
      own_us: round(median(engine.map((mine, i) => mine.p50_us - (floor[i]?.invoke_us ?? Number.NaN)))),
    };
  } finally {
    await worker.terminate();
    guest.close();
  }
}

/** The echo guest at ready, initialised in this thread. */
async function readyEcho(): Promise<Pick<DerivedSnapshot, 'descriptor' | 'close'>> {
  native();
  const built = await Snapshot.build({ elf: ECHO });
  const frozen = new FrozenGuests();
  const reply = frozen.initialise({
    descriptor: built.descriptor,
    options: OPTIONS,
    limits: { timeoutMs: 10_000, cpuMs: 0 },
    ticket: 1,
  });
  if (!reply.ok) throw new Error(`the echo guest did not become ready: ${JSON.stringify(reply.failure)}`);
  const derived = await deriveSnapshot(built.descriptor, reply.ready);
  return {
    descriptor: derived.descriptor,
    close: () => {
      frozen.close();
      derived.close();
      built.close();
    },
  };
}
