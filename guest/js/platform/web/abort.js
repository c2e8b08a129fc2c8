// AbortController and AbortSignal.
import { tag } from '../shared/define.js';
import { Event, EventTarget, handler } from './events.js';

const MAKE = Symbol('make');
const abort = Symbol('abort');

class AbortSignal extends EventTarget {
  #aborted = false;
  #reason;

  constructor(key) {
    if (key !== MAKE) throw new TypeError('Illegal constructor');
    super();
  }

  get aborted() {
    return this.#aborted;
  }

  get reason() {
    return this.#reason;
  }

  throwIfAborted() {
    if (this.#aborted) throw this.#reason;
  }

  [abort](reason = new DOMException('This operation was aborted', 'AbortError')) {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.dispatchEvent(new Event('abort'));
  }

  static abort(reason) {
    const signal = new AbortSignal(MAKE);
    signal[abort](reason);
    return signal;
  }

  static timeout(delay) {
    if (!(delay >= 0)) throw new RangeError('The value of "delay" is out of range');
    const signal = new AbortSignal(MAKE);
    setTimeout(
      () => signal[abort](new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
      delay,
    );
    return signal;
  }

  static any(signals) {
    const all = [...signals];
    const any = new AbortSignal(MAKE);
    const aborted = all.find((signal) => signal.aborted);
    if (aborted !== undefined) any[abort](aborted.reason);
    else
      for (const signal of all)
        signal.addEventListener('abort', () => any[abort](signal.reason), { once: true });
    return any;
  }
}
handler(AbortSignal, 'abort');

class AbortController {
  #signal = new AbortSignal(MAKE);

  get signal() {
    return this.#signal;
  }

  abort(reason) {
    this.#signal[abort](reason);
  }
}

tag(AbortSignal, 'AbortSignal');
tag(AbortController, 'AbortController');

export default { AbortController, AbortSignal };
