interface Watch {
  readonly actions: Set<() => void>;
  readonly run: () => void;
}

const watches = new WeakMap<AbortSignal, Watch>();

/**
 * Runs `action` when the signal aborts; the result takes that back. One listener per signal, however many calls share
 * it, since Node warns of a leak at the eleventh; and none when nothing waits for it, since Node keeps signals of
 * `AbortSignal.any` that have one until they abort.
 */
export function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
  if (signal === undefined) return () => {};
  const { actions } = watches.get(signal) ?? watch(signal);
  actions.add(action);
  return () => {
    actions.delete(action);
    if (actions.size === 0) unwatch(signal);
  };
}

function watch(signal: AbortSignal): Watch {
  const actions = new Set<() => void>();
  const run = (): void => {
    watches.delete(signal); // an action may take itself back meanwhile
    for (const action of [...actions]) action();
  };
  const made = { actions, run };
  watches.set(signal, made);
  signal.addEventListener('abort', run, { once: true });
  return made;
}

function unwatch(signal: AbortSignal): void {
  const made = watches.get(signal);
  if (made === undefined) return;
  watches.delete(signal);
  signal.removeEventListener('abort', made.run);
}
