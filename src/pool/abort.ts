const watchers = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Runs `action` when the signal aborts; the result takes that back. One listener per signal, however many calls share
 * it: Node warns of a leak at the eleventh.
 */
export function onAbort(signal: AbortSignal | undefined, action: () => void): () => void {
  if (signal === undefined) return () => {};
  const actions = watchers.get(signal) ?? watch(signal);
  actions.add(action);
  return () => actions.delete(action);
}

function watch(signal: AbortSignal): Set<() => void> {
  const actions = new Set<() => void>();
  watchers.set(signal, actions);
  const run = (): void => {
    for (const action of actions) action();
    actions.clear();
  };
  signal.addEventListener('abort', run, { once: true });
  return actions;
}
