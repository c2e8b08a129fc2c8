// AbortController, AbortSignal, Event and EventTarget.
function outcome(run) {
  try {
    return run();
  } catch (error) {
    return [error.name, error.message, error.code ?? null];
  }
}

export default async () => {
  const seen = [];
  const controller = new AbortController();
  controller.signal.addEventListener('abort', (event) =>
    seen.push([event.type, event.target === controller.signal]),
  );
  controller.signal.onabort = () => seen.push('onabort');
  const before = [controller.signal.aborted, controller.signal.reason ?? null];
  controller.abort();
  controller.abort('again');
  const { reason } = controller.signal;
  const timeout = AbortSignal.timeout(1);
  // Node's own timer does not keep it alive.
  const alive = setTimeout(() => {}, 60_000);
  await new Promise((resolve) => timeout.addEventListener('abort', resolve));
  clearTimeout(alive);
  const late = new AbortController();
  const any = AbortSignal.any([new AbortController().signal, late.signal]);
  late.abort('why');
  const target = new EventTarget();
  target.addEventListener('x', { handleEvent: (event) => seen.push(`object ${event.type}`) });
  target.addEventListener('x', (event) => event.preventDefault(), { once: true });
  target.addEventListener('x', (event) => event.stopImmediatePropagation());
  target.addEventListener('x', () => seen.push('never'));
  const stopped = new AbortController();
  target.addEventListener('y', () => seen.push('y'), { signal: stopped.signal });
  const sent = [
    target.dispatchEvent(new Event('x', { cancelable: true })),
    target.dispatchEvent(new Event('x', { cancelable: true })),
    target.dispatchEvent(new Event('y')),
  ];
  stopped.abort();
  target.dispatchEvent(new Event('y'));
  class Own extends EventTarget {}
  class Told extends Event {
    constructor() {
      super('told', { bubbles: true });
    }
  }
  return [
    seen,
    before,
    [reason.name, reason.message, reason.code, reason instanceof DOMException],
    [timeout.aborted, timeout.reason.name, timeout.reason.message],
    [any.aborted, any.reason],
    sent,
    outcome(() => controller.signal.throwIfAborted()),
    outcome(() => AbortSignal.abort(new Error('mine')).throwIfAborted()),
    outcome(() => new AbortSignal())[0],
    outcome(() => new Event())[0],
    outcome(() => target.dispatchEvent({}))[0],
    [new Event('e').cancelable, new Event('e').defaultPrevented, new Event('e').eventPhase, Event.AT_TARGET],
    [new Own() instanceof EventTarget, new Told().bubbles, String(new Told()), String(new AbortController())],
    [new MessageEvent('m', { data: [1] }).data, typeof CustomEvent],
  ];
};
