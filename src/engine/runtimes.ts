/** The runtimes that guests are made of by specialising them, such as the JavaScript one. */
import type { PreparedGuest, RuntimeRun } from '../guests/guest.js';
import type { DerivedSnapshot } from '../snapshot/derive.js';
import type { Snapshot } from '../snapshot/snapshot.js';

/** A runtime that is ready, and the snapshot it was built as. */
export interface Runtime {
  readonly snapshot: Snapshot;
  readonly ready: DerivedSnapshot;
}

/** Builds a runtime and runs it until it is ready. */
export type MakeRuntime = (guest: PreparedGuest, run: RuntimeRun) => Promise<Runtime>;

/** The runtimes of one engine: one for each kind and set of memory sizes, shared by all functions on it. */
export class Runtimes {
  readonly #make: MakeRuntime;
  readonly #runtimes = new Map<string, Promise<Runtime>>();
  #closed = false;

  constructor(make: MakeRuntime) {
    this.#make = make;
  }

  /**
   * Gives a runtime, which stays with the engine since the next function will want it.
   * @throws what making it throws; the next one tries again
   */
  get(guest: PreparedGuest, run: RuntimeRun): Promise<Runtime> {
    const key = JSON.stringify([run.name, Object.entries(guest.config).sort()]);
    let runtime = this.#runtimes.get(key);
    if (runtime === undefined) {
      runtime = this.#make(guest, run);
      this.#runtimes.set(key, runtime);
      runtime.catch(() => this.#runtimes.delete(key));
      if (this.#closed) release(runtime);
    }
    return runtime;
  }

  /** Those that are still being made, or asked for later, are released when they are ready. */
  close(): void {
    this.#closed = true;
    for (const runtime of this.#runtimes.values()) release(runtime);
    this.#runtimes.clear();
  }
}

function release(runtime: Promise<Runtime>): void {
  runtime.then(
    ({ snapshot, ready }) => {
      ready.close();
      snapshot.close();
    },
    () => {},
  );
}
