// A small reactive store with getters made at run time by defineProperty.
class Store {
  #data = new Map();
  #subs = new Map();
  #stack = [];
  constructor(init) {
    for (const [k, v] of Object.entries(init)) {
      if (typeof v === 'function') this.#computed(k, v);
      else this.#plain(k, v);
    }
  }
  #plain(k, v) {
    this.#data.set(k, v);
    Object.defineProperty(this, k, {
      enumerable: true,
      get: () => (this.#track(k), this.#data.get(k)),
      set: (x) => {
        if (!Object.is(this.#data.get(k), x)) {
          this.#data.set(k, x);
          this.#notify(k);
        }
      },
    });
  }
  #computed(k, f) {
    let dirty = true,
      value,
      runs = 0;
    const invalidate = () => {
      if (!dirty) {
        dirty = true;
        this.#notify(k);
      }
    };
    Object.defineProperty(this, k, {
      enumerable: true,
      get: () => {
        this.#track(k);
        if (dirty) {
          this.#stack.push(invalidate);
          value = f.call(this);
          this.#stack.pop();
          dirty = false;
          runs++;
          this.runs[k] = runs;
        }
        return value;
      },
    });
  }
  runs = {};
  #track(k) {
    const top = this.#stack.at(-1);
    if (top) (this.#subs.get(k) ?? this.#subs.set(k, new Set()).get(k)).add(top);
  }
  #notify(k) {
    for (const s of [...(this.#subs.get(k) ?? [])]) s();
  }
  effect(f) {
    let on = true;
    const run = () => {
      if (!on) return;
      this.#stack.push(run);
      f(this);
      this.#stack.pop();
    };
    run();
    return () => {
      on = false;
    };
  }
}
export default () => {
  const log = [];
  const s = new Store({
    price: 10,
    qty: 2,
    total() {
      return this.price * this.qty;
    },
    label() {
      return `${this.total} EUR`;
    },
  });
  const stop = s.effect((x) => log.push(x.label));
  s.qty = 3;
  s.qty = 3;
  s.price = 0.5;
  stop();
  s.qty = 100;
  return { log, label: s.label, runs: s.runs, keys: Object.keys(s) };
};
