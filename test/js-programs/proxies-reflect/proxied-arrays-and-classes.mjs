// Proxies around arrays, maps, classes with private members, and as prototypes.
const t = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const log = [];
  const arr = new Proxy([3, 1, 2], {
    set(o, k, v) {
      log.push(`${String(k)}=${v}`);
      return Reflect.set(o, k, v);
    },
    deleteProperty(o, k) {
      log.push(`del ${k}`);
      return Reflect.deleteProperty(o, k);
    },
  });
  arr.push(9);
  const pushed = log.splice(0);
  arr.shift();
  const shifted = log.splice(0);
  arr.sort();
  const sorted = log.splice(0);
  arr.length = 1;
  const cut = log.splice(0);
  const map = new Proxy(new Map([[1, 'a']]), {
    get: (o, k) => {
      const v = Reflect.get(o, k, o);
      return typeof v === 'function' ? v.bind(o) : v;
    },
  });
  class Priv {
    #x = 1;
    get x() {
      return this.#x;
    }
    static make() {
      return new this();
    }
  }
  const traced = new Proxy(Priv, {
    construct: (T, a, nt) => (log.push('new'), Reflect.construct(T, a, nt)),
    get: (T, k, r) => (log.push(`get ${String(k)}`), Reflect.get(T, k, r)),
  });
  class Child extends traced {
    y = 2;
  }
  const c = new Child();
  const proto = new Proxy(
    {},
    {
      get: (_, k, r) => (typeof k === 'string' ? `missing ${k} of ${r.id}` : undefined),
      has: (_, k) => k === 'magic',
      set(_, k, v, r) {
        Object.defineProperty(r, k, { value: `via ${v}`, configurable: true });
        return true;
      },
    },
  );
  const o = Object.create(proto, { id: { value: 7 } });
  o.newProp = 1;
  const chain = new Proxy(new Proxy({ v: 1 }, { get: (x, k) => Reflect.get(x, k) + 1 }), {
    get: (x, k) => Reflect.get(x, k) * 10,
  });
  return {
    pushed,
    shifted,
    sorted,
    cut,
    isArray: [Array.isArray(arr), arr instanceof Array, JSON.stringify(arr), [...arr], [].concat(arr).length],
    map: [map.get(1), map.size, [...map]],
    rawMap: t(() => new Proxy(new Map(), {}).size),
    priv: [c.x, c.y, t(() => new Proxy(new Priv(), {}).x), c instanceof Child, traced.make().x],
    log: log.slice(0, 6),
    proto: [o.abc, o.id, 'magic' in o, 'other' in o, o.newProp],
    chain: chain.v,
    date: t(() => new Proxy(new Date(0), {}).getTime()),
    promise: t(() => Promise.prototype.then.call(new Proxy(Promise.resolve(), {}))),
    json: JSON.stringify(new Proxy({ a: [1] }, {})),
  };
};
