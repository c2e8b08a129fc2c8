/** What stops calls. */
export type StopSignal = AbortSignal | Stop;

/** What is to be done when a signal aborts. */
export interface OnAbort {
  aborted(): void;
}

interface Watch {
  readonly actions: Set<OnAbort>;
  readonly run: () => void;
}

/** An AbortSignal for one who makes many: one of Node's takes some microseconds to make, and as long to listen to. */
export class Stop {
  #aborted = false;
  #reason: unknown;
  #first: OnAbort | undefined;
  #others: Set<OnAbort> | undefined;

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** Only the first time counts. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    const [first, others] = [this.#first, this.#others];
    this.#first = this.#others = undefined;
    first?.aborted();
    for (const action of others ?? []) action.aborted();
  }

  add(action: OnAbort): void {
    if (this.#first === undefined) {
      this.#first = action;
      return;
    }
    this.#others ??= new Set();
    this.#others.add(action);
  }

  remove(action: OnAbort): void {
    if (this.#first === action) this.#first = undefined;
    else this.#others?.delete(action);
  }
}

const NOTHING = (): void => {};
const watches = new WeakMap<AbortSignal, Watch>();

/** Runs `action` when the signal aborts; the result takes that back. */
export function onAbort(signal: StopSignal | undefined, action: () => void): () => void {
  if (signal === undefined) return NOTHING;
  const listener = { aborted: action };
  listen(signal, listener);
  return () => unlisten(signal, listener);
}

/**
 * Tells `action` when the signal aborts, until `unlisten`. One listener per signal, however many calls share it, since
 * Node warns of a leak at the eleventh; and none when nothing waits for it, since Node keeps signals of
 * `AbortSignal.any` that have one until they abort.
 */
export function listen(signal: StopSignal, action: OnAbort): void {
  if (signal instanceof Stop) signal.add(action);
  else (watches.get(signal) ?? watch(signal)).actions.add(action);
}

/** Takes `listen` back. */
export function unlisten(signal: StopSignal, action: OnAbort): void {
  if (signal instanceof Stop) {
    signal.remove(action);
    return;
  }
  const made = watches.get(signal);
  if (made === undefined) return;
  made.actions.delete(action);
  if (made.actions.size > 0) return;
  watches.delete(signal);
  signal.removeEventListener('abort', made.run);
}

function watch(signal: AbortSignal): Watch {
  const actions = new Set<OnAbort>();
  const run = (): void => {
    watches.delete(signal); // an action may take itself back meanwhile
    for (const action of [...actions]) action.aborted();
  };
  const made = { actions, run };
  watches.set(signal, made);
  signal.addEventListener('abort', run, { once: true });
  return made;
}
