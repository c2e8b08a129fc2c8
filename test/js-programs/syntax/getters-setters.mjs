// Accessors in object literals, in classes, computed and inherited.
export default () => {
  const log = [];
  const key = 'dyn';
  const o = {
    _t: 20,
    get celsius() {
      return this._t;
    },
    set celsius(v) {
      log.push(v);
      this._t = v;
    },
    get fahrenheit() {
      return (this._t * 9) / 5 + 32;
    },
    set fahrenheit(v) {
      this.celsius = ((v - 32) * 5) / 9;
    },
    get [`${key}1`]() {
      return 'computed';
    },
    get 5() {
      return 'number key';
    },
    get 'with space'() {
      return 1;
    },
    get get() {
      return 'get';
    },
    set set(v) {
      log.push(`set ${v}`);
    },
  };
  o.fahrenheit = 212;
  o.set = 1;
  const child = Object.create(o);
  child.celsius = 5;
  const readonly = {
    get x() {
      return 1;
    },
  };
  let error;
  try {
    readonly.x = 2;
  } catch (e) {
    error = e.name;
  }
  const lazy = {
    get value() {
      log.push('computed once');
      const v = 6 * 7;
      Object.defineProperty(this, 'value', { value: v });
      return v;
    },
  };
  const d = Object.getOwnPropertyDescriptor(o, 'celsius');
  class P {
    #x = 1;
    get x() {
      return this.#x;
    }
    set x(v) {
      this.#x = v * 2;
    }
    static get s() {
      return 'static';
    }
  }
  const p = new P();
  p.x = 4;
  p.x += 1;
  return {
    o: [o.celsius, o.fahrenheit, o.dyn1, o[5], o['with space'], o.get, o.set === undefined],
    child: [child._t, Object.hasOwn(child, 'celsius'), Object.hasOwn(child, '_t')],
    error,
    lazy: [lazy.value, lazy.value],
    names: [d.get.name, d.set.name, d.enumerable],
    keys: Object.keys(o),
    p: [p.x, P.s],
    log,
  };
};
