/** The runtimes that guests are made of by specialising them, such as the JavaScript one. */
import type { PreparedGuest, RuntimeRun } from '../guests/guest.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import type { ReadySnapshot } from '../store/ready-snapshots.js';

/** A runtime that is ready, and the snapshot it was built as. */
export interface Runtime {
  readonly snapshot: Snapshot;
  readonly ready: ReadySnapshot;
}

/** How runtimes come and go. */
export interface RuntimeTools {
  /** Builds a runtime and runs it until it is ready. */
  readonly make: (guest: PreparedGuest, run: RuntimeRun) => Promise<Runtime>;
  /** Releases the memory of one. */
  readonly drop: (runtime: Runtime) => void;
}

/** A runtime that stays until it is released. */
export interface RuntimeUse {
  readonly runtime: Runtime;
  /** Idempotent. */
  release(): void;
}

interface Held {
  readonly made: Promise<Runtime>;
  uses: number;
}

/** Runtimes of nobody that stay, since the next function will want one. Each has some MB, and two descriptors. */
const MOST_UNUSED = 4;

/** The runtimes of one engine: one for each kind and set of memory sizes, shared by all functions on it. */
export class Runtimes {
  readonly #tools: RuntimeTools;
  /** Those used longest ago come first. */
  readonly #runtimes = new Map<string, Held>();
  #closed = false;

  constructor(tools: RuntimeTools) {
    this.#tools = tools;
  }

  /** @throws what making it throws; the next one tries again */
  async use(guest: PreparedGuest, run: RuntimeRun): Promise<RuntimeUse> {
    const key = JSON.stringify([run.name, Object.entries(guest.config).sort()]);
    const held = this.#runtimes.get(key) ?? { made: this.#tools.make(guest, run), uses: 0 };
    held.uses += 1;
    this.#runtimes.delete(key);
    this.#runtimes.set(key, held);
    try {
      const runtime = await held.made;
      let isReleased = false;
      const release = (): void => {
        if (isReleased) return;
        isReleased = true;
        held.uses -= 1;
        this.#trim();
      };
      return { runtime, release };
    } catch (error) {
      if (this.#runtimes.get(key) === held) this.#runtimes.delete(key);
      throw error;
    }
  }

  /** Those that are still used, or asked for later, are released when nobody uses them. */
  close(): void {
    this.#closed = true;
    this.#trim();
  }

  #trim(): void {
    const unused = [...this.#runtimes].filter(([, { uses }]) => uses === 0);
    const kept = this.#closed ? 0 : MOST_UNUSED;
    for (const [key, { made }] of unused.slice(0, Math.max(0, unused.length - kept))) {
      this.#runtimes.delete(key);
      made.then(this.#tools.drop, () => {});
    }
  }
}
