/** The JavaScript runtimes of an engine: one for each set of memory sizes, ready, shared by all functions on it. */
import type { DerivedSnapshot } from '../../snapshot/derive.js';
import type { Snapshot } from '../../snapshot/snapshot.js';
import type { Guest } from '../guest.js';

export interface JsRuntime {
  readonly snapshot: Snapshot;
  readonly ready: DerivedSnapshot;
}

export type MakeRuntime = (guest: Guest) => Promise<JsRuntime>;

export class JsRuntimes {
  readonly #make: MakeRuntime;
  readonly #runtimes = new Map<string, Promise<JsRuntime>>();
  #closed = false;

  constructor(make: MakeRuntime) {
    this.#make = make;
  }

  /** It stays with the engine, since the next function will want it. @throws what making it throws; the next one tries again */
  get(guest: Guest): Promise<JsRuntime> {
    const key = JSON.stringify(Object.entries(guest.config).sort());
    let runtime = this.#runtimes.get(key);
    if (runtime === undefined) {
      runtime = this.#make(guest);
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

function release(runtime: Promise<JsRuntime>): void {
  runtime.then(
    ({ snapshot, ready }) => {
      ready.close();
      snapshot.close();
    },
    () => {},
  );
}
