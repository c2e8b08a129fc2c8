// Private statics belong to one class only; `#x in o` as a safe brand check.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
class Counter {
  static #count = 0;
  static #limit = 3;
  static get #full() {
    return Counter.#count >= Counter.#limit;
  }
  static *#ids() {
    let i = 100;
    while (true) yield i++;
  }
  static #gen = Counter.#ids();
  static async #slow() {
    return Counter.#count;
  }
  #id = Counter.#gen.next().value;
  constructor() {
    if (Counter.#full) throw new RangeError('full');
    Counter.#count++;
  }
  static own() {
    return this.#count;
  }
  static reset() {
    const n = Counter.#count;
    Counter.#count = 0;
    Counter.#gen = Counter.#ids();
    return n;
  }
  static slow() {
    return this.#slow();
  }
  static isCounter(o) {
    return typeof o === 'object' && o !== null && #id in o;
  }
  get id() {
    return this.#id;
  }
  eq = (o) => #id in o && o.#id === this.#id;
}
class Sub extends Counter {}
class Stamped extends class {
  constructor(o) {
    return o;
  }
} {
  #stamp = 'stamped';
  static read(o) {
    return #stamp in o ? o.#stamp : 'none';
  }
}
export default async () => {
  const made = [new Counter(), new Sub(), new Counter()];
  const full = nameOf(() => new Counter());
  const plain = Object.freeze({});
  const before = Stamped.read(plain);
  new Stamped(plain);
  return {
    ids: made.map((m) => m.id),
    full,
    own: [Counter.own(), nameOf(() => Sub.own())],
    is: [made[1], {}, null, 5, Object.create(made[0])].map(Counter.isCounter),
    eq: [made[0].eq(made[0]), made[0].eq(made[2]), made[0].eq({})],
    slow: await Counter.slow(),
    stamp: [before, Stamped.read(plain), nameOf(() => new Stamped(plain))],
    reset: Counter.reset(),
  };
};
