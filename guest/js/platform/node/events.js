// Node's events: the npm package of that name, and what Node has got since.
import EventEmitter from 'events/events.js';

const errorMonitor = Symbol.for('events.errorMonitor');
const { emit } = EventEmitter.prototype;

EventEmitter.prototype.emit = function (name, ...values) {
  if (name === 'error' && this.listenerCount(errorMonitor) > 0) emit.call(this, errorMonitor, ...values);
  return emit.call(this, name, ...values);
};

function abortError(signal) {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  error.name = 'AbortError';
  error.code = 'ABORT_ERR';
  return error;
}

function listen(emitter, name, listener, options) {
  if (typeof emitter.on === 'function') emitter[options?.once ? 'once' : 'on'](name, listener);
  else emitter.addEventListener(name, listener, options);
}

function forget(emitter, name, listener) {
  if (typeof emitter.removeListener === 'function') emitter.removeListener(name, listener);
  else emitter.removeEventListener(name, listener);
}

async function once(emitter, name, { signal } = {}) {
  if (signal?.aborted) throw abortError(signal);
  return await new Promise((resolve, reject) => {
    const done = (settle) => (value) => {
      forget(emitter, name, arrived);
      if (typeof emitter.removeListener === 'function') forget(emitter, 'error', failed);
      signal?.removeEventListener('abort', aborted);
      settle(value);
    };
    const arrived = (...values) => done(resolve)(values);
    const failed = done(reject);
    const aborted = () => done(reject)(abortError(signal));
    listen(emitter, name, arrived, { once: true });
    if (name !== 'error' && typeof emitter.once === 'function') emitter.once('error', failed);
    signal?.addEventListener('abort', aborted, { once: true });
  });
}

function on(emitter, name, { signal, close = [] } = {}) {
  if (signal?.aborted) throw abortError(signal);
  const arrived = [];
  const waiting = [];
  let failure;
  let ended = false;
  const keep = (...values) => {
    const next = waiting.shift();
    if (next === undefined) arrived.push(values);
    else next.resolve({ value: values, done: false });
  };
  const fail = (error) => {
    const next = waiting.shift();
    if (next === undefined) failure = { error };
    else next.reject(error);
    void end();
  };
  const aborted = () => fail(abortError(signal));
  const end = () => {
    ended = true;
    forget(emitter, name, keep);
    forget(emitter, 'error', fail);
    for (const event of close) forget(emitter, event, end);
    signal?.removeEventListener('abort', aborted);
    for (const next of waiting.splice(0)) next.resolve({ value: undefined, done: true });
    return Promise.resolve({ value: undefined, done: true });
  };
  listen(emitter, name, keep);
  if (name !== 'error' && typeof emitter.on === 'function') emitter.on('error', fail);
  for (const event of close) listen(emitter, event, end);
  signal?.addEventListener('abort', aborted, { once: true });
  return {
    next() {
      if (arrived.length > 0) return Promise.resolve({ value: arrived.shift(), done: false });
      if (failure !== undefined) {
        const { error } = failure;
        failure = undefined;
        return Promise.reject(error);
      }
      if (ended) return Promise.resolve({ value: undefined, done: true });
      return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
    },
    return: end,
    throw(error) {
      fail(error);
      return Promise.resolve({ value: undefined, done: true });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function setMaxListeners(most = EventEmitter.defaultMaxListeners, ...targets) {
  if (targets.length === 0) EventEmitter.defaultMaxListeners = most;
  for (const target of targets) target.setMaxListeners?.(most);
}

Object.assign(EventEmitter, {
  EventEmitter,
  errorMonitor,
  captureRejectionSymbol: Symbol.for('nodejs.rejection'),
  captureRejections: false,
  usingDomains: false,
  once,
  on,
  setMaxListeners,
  getMaxListeners: (emitter) => emitter.getMaxListeners?.() ?? EventEmitter.defaultMaxListeners,
  getEventListeners: (emitter, name) => emitter.listeners(name),
  listenerCount: (emitter, name) => emitter.listenerCount(name),
  addAbortListener(signal, listener) {
    if (signal.aborted) queueMicrotask(() => listener());
    else signal.addEventListener('abort', listener, { once: true });
    const dispose = () => signal.removeEventListener('abort', listener);
    return { [Symbol.dispose]: dispose };
  },
  EventEmitterAsyncResource: class EventEmitterAsyncResource extends EventEmitter {},
});

export default EventEmitter;
