// Timers, which run while a call waits for its promise; and the clock.
import { define, method } from './define.js';

/** By the time they are due, those of the same time in the order they were set. */
const timers = [];
let lastId = 0;
let clock = () => 0;
let timeOfDay = () => 0;
let sleepUntil = () => {};
/** As the call found it that asked first. */
let timeOrigin;

export function installTimers(natives) {
  clock = natives.now;
  sleepUntil = natives.sleepUntil;
  timeOfDay = Date.now;
  method(globalThis, 'setTimeout', 2, (run, delay, ...rest) => add('setTimeout', run, delay, rest, false));
  method(globalThis, 'setInterval', 2, (run, delay, ...rest) => add('setInterval', run, delay, rest, true));
  method(globalThis, 'setImmediate', 1, (run, ...rest) => add('setImmediate', run, 0, rest, false));
  for (const name of ['clearTimeout', 'clearInterval', 'clearImmediate'])
    method(globalThis, name, 1, (id) => remove(id));
  method(globalThis, 'queueMicrotask', 1, (run) => {
    if (typeof run !== 'function') throw new TypeError('queueMicrotask: the callback must be a function');
    void resolved.then(() => void run());
  });
  define(globalThis, 'performance', {
    now: () => clock(),
    get timeOrigin() {
      return origin();
    },
    toJSON: () => ({ timeOrigin: origin() }),
  });
}

/** When the clock would have begun, had it never stood: `timeOrigin + now()` is the time of day. */
function origin() {
  timeOrigin ??= timeOfDay() - clock();
  return timeOrigin;
}

/** A call may come any time after the module was evaluated, and the clock stands meanwhile. */
export function forgetOrigin() {
  timeOrigin = undefined;
}

const resolved = Promise.resolve();

function add(name, run, delay, rest, repeats) {
  if (typeof run !== 'function') throw new TypeError(`${name}: the callback must be a function`);
  const milliseconds = Number(delay);
  const wait = milliseconds >= 1 && milliseconds <= 0x7fffffff ? Math.trunc(milliseconds) : 1;
  lastId += 1;
  const timer = { id: lastId, due: clock() + wait, wait, run: () => run(...rest), repeats };
  insert(timer);
  return new Timeout(timer);
}

/** What Node gives for a timer; elsewhere it is a number, which it becomes where one is wanted. */
class Timeout {
  #timer;

  constructor(timer) {
    this.#timer = timer;
  }

  /** A call waits for its promise, and for no timer. */
  ref() {
    return this;
  }

  unref() {
    return this;
  }

  hasRef() {
    return true;
  }

  refresh() {
    remove(this);
    insert({ ...this.#timer, due: clock() + this.#timer.wait });
    return this;
  }

  close() {
    remove(this);
    return this;
  }

  [Symbol.toPrimitive]() {
    return this.#timer.id;
  }
}

function insert(timer) {
  let at = timers.length;
  while (at > 0 && timers[at - 1].due > timer.due) at -= 1;
  timers.splice(at, 0, timer);
}

function remove(id) {
  const index = timers.findIndex((timer) => timer.id === Number(id));
  if (index >= 0) timers.splice(index, 1);
}

/** Waits for the next timer and runs it; false when there is none. */
export function runTimer() {
  const timer = timers.shift();
  if (timer === undefined) return false;
  sleepUntil(timer.due);
  if (timer.repeats) insert({ ...timer, due: clock() + timer.wait });
  timer.run();
  return true;
}
