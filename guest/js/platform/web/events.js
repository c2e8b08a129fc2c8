// Event and EventTarget as the DOM's standard has them, without a tree of targets.
import { tag } from '../shared/define.js';

const target = Symbol('target');
const stop = Symbol('stop');
const prevented = Symbol('prevented');
const passive = Symbol('passive');
const phase = Symbol('phase');

class Event {
  #type;
  #bubbles;
  #cancelable;
  #composed;
  #timeStamp = performance.now();
  [target] = null;
  [stop] = false;
  [prevented] = false;
  [passive] = false;
  [phase] = 0;
  #stopped = false;

  constructor(...values) {
    if (values.length === 0) throw new TypeError('The "type" argument must be specified');
    const [type, options] = values;
    this.#type = `${type}`;
    this.#bubbles = Boolean(options?.bubbles);
    this.#cancelable = Boolean(options?.cancelable);
    this.#composed = Boolean(options?.composed);
  }

  get type() {
    return this.#type;
  }

  get target() {
    return this[target];
  }

  get srcElement() {
    return this[target];
  }

  get currentTarget() {
    return this[phase] === 0 ? null : this[target];
  }

  get bubbles() {
    return this.#bubbles;
  }

  get cancelable() {
    return this.#cancelable;
  }

  get composed() {
    return this.#composed;
  }

  get timeStamp() {
    return this.#timeStamp;
  }

  get eventPhase() {
    return this[phase];
  }

  get isTrusted() {
    return false;
  }

  get defaultPrevented() {
    return this[prevented];
  }

  get returnValue() {
    return !this[prevented];
  }

  get cancelBubble() {
    return this.#stopped;
  }

  set cancelBubble(on) {
    if (on) this.#stopped = true;
  }

  composedPath() {
    return this[phase] === 0 ? [] : [this[target]];
  }

  preventDefault() {
    if (this.#cancelable && !this[passive]) this[prevented] = true;
  }

  stopPropagation() {
    this.#stopped = true;
  }

  stopImmediatePropagation() {
    this.#stopped = true;
    this[stop] = true;
  }
}
for (const [index, name] of ['NONE', 'CAPTURING_PHASE', 'AT_TARGET', 'BUBBLING_PHASE'].entries())
  for (const holder of [Event, Event.prototype])
    Object.defineProperty(holder, name, { value: index, enumerable: true });

class CustomEvent extends Event {
  #detail;

  constructor(type, options = {}) {
    super(type, options);
    this.#detail = options?.detail ?? null;
  }

  get detail() {
    return this.#detail;
  }
}

class MessageEvent extends Event {
  #options;

  constructor(type, options = {}) {
    super(type, options);
    this.#options = options;
  }

  get data() {
    return this.#options.data ?? null;
  }

  get origin() {
    return this.#options.origin ?? '';
  }

  get lastEventId() {
    return this.#options.lastEventId ?? '';
  }

  get source() {
    return this.#options.source ?? null;
  }

  get ports() {
    return this.#options.ports ?? [];
  }
}

function call(listener, self, event) {
  if (typeof listener === 'function') listener.call(self, event);
  else listener.handleEvent(event);
}

class EventTarget {
  #listeners = new Map();

  addEventListener(type, listener, options) {
    if (listener === null || listener === undefined) return;
    if (typeof listener !== 'function' && typeof listener !== 'object')
      throw new TypeError('The "listener" argument must be an instance of EventListener');
    const {
      capture = false,
      once = false,
      passive = false,
      signal,
    } = typeof options === 'object' && options !== null ? options : { capture: options };
    if (signal?.aborted) return;
    const all = this.#listeners.get(`${type}`) ?? [];
    if (all.some((one) => one.listener === listener && one.capture === Boolean(capture))) return;
    this.#listeners.set(`${type}`, [...all, { listener, capture: Boolean(capture), once, passive }]);
    signal?.addEventListener('abort', () => this.removeEventListener(type, listener, { capture }), {
      once: true,
    });
  }

  removeEventListener(type, listener, options) {
    const capture = Boolean(typeof options === 'object' && options !== null ? options.capture : options);
    const all = this.#listeners.get(`${type}`) ?? [];
    this.#listeners.set(
      `${type}`,
      all.filter((one) => one.listener !== listener || one.capture !== capture),
    );
  }

  dispatchEvent(event) {
    if (!(event instanceof Event)) throw new TypeError('The "event" argument must be an instance of Event');
    if (event[phase] !== 0)
      throw new DOMException('The event is already being dispatched', 'InvalidStateError');
    event[target] = this;
    event[phase] = Event.AT_TARGET;
    const all = this.#listeners.get(event.type) ?? [];
    for (const one of [...all.filter(({ capture }) => capture), ...all.filter(({ capture }) => !capture)]) {
      if (event[stop]) break;
      if (!this.#listeners.get(event.type).includes(one)) continue;
      if (one.once) this.removeEventListener(event.type, one.listener, one);
      event[passive] = one.passive;
      try {
        call(one.listener, this, event);
      } catch (error) {
        // What Node makes of it is the end of the process: here nobody else hears of it.
        void Promise.reject(error);
      }
    }
    event[passive] = false;
    event[phase] = 0;
    return !event.defaultPrevented;
  }
}

/** A property `on…` that is one more listener. */
export function handler(Class, type) {
  const held = new WeakMap();
  Object.defineProperty(Class.prototype, `on${type}`, {
    get() {
      return held.get(this)?.run ?? null;
    },
    set(run) {
      const before = held.get(this);
      if (before === undefined) {
        const entry = { run };
        held.set(this, entry);
        this.addEventListener(type, (event) => {
          if (typeof entry.run === 'function') entry.run.call(this, event);
        });
      } else before.run = run;
    },
    enumerable: true,
    configurable: true,
  });
}

const events = { Event, EventTarget, CustomEvent, MessageEvent };
for (const [name, Class] of Object.entries(events)) tag(Class, name);

export { CustomEvent, Event, EventTarget, MessageEvent };
export default events;
