// MessageChannel: two ports of one guest.
import { tag } from '../shared/define.js';
import { EventTarget, handler, MessageEvent } from './events.js';

const { structuredClone: clone } = globalThis;
const MAKE = Symbol('make');

class MessagePort extends EventTarget {
  #other;
  #waiting = [];
  #started = false;
  #closed = false;

  constructor(key) {
    if (key !== MAKE) throw new TypeError('Illegal constructor');
    super();
  }

  static pair() {
    const [one, other] = [new MessagePort(MAKE), new MessagePort(MAKE)];
    one.#other = other;
    other.#other = one;
    return [one, other];
  }

  postMessage(value) {
    const data = clone(value);
    const to = this.#other;
    if (this.#closed) return;
    if (to.#started) to.#deliver(data);
    else to.#waiting.push(data);
  }

  start() {
    if (this.#started) return;
    this.#started = true;
    for (const data of this.#waiting.splice(0)) this.#deliver(data);
  }

  close() {
    this.#closed = true;
    this.#other.#closed = true;
  }

  ref() {}

  unref() {}

  #deliver(data) {
    setImmediate(() => {
      if (!this.#closed) this.dispatchEvent(new MessageEvent('message', { data }));
    });
  }
}
handler(MessagePort, 'message');
handler(MessagePort, 'messageerror');
const { get, set } = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
Object.defineProperty(MessagePort.prototype, 'onmessage', {
  get,
  set(run) {
    set.call(this, run);
    this.start();
  },
  enumerable: true,
  configurable: true,
});

class MessageChannel {
  #ports = MessagePort.pair();

  get port1() {
    return this.#ports[0];
  }

  get port2() {
    return this.#ports[1];
  }
}
tag(MessagePort, 'MessagePort');
tag(MessageChannel, 'MessageChannel');

export default { MessageChannel, MessagePort };
