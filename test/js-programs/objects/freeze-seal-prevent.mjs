// The three levels of closing an object, shallow and deep.
const tryIt = (f) => {
  try {
    f();
    return 'ok';
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const table = {};
  for (const m of ['preventExtensions', 'seal', 'freeze']) {
    const o = Object[m]({
      a: 1,
      nested: { x: 1 },
      get acc() {
        return 1;
      },
      set acc(v) {
        this.nested.x = v;
      },
    });
    table[m] = [
      tryIt(() => {
        o.b = 1;
      }),
      tryIt(() => {
        o.a = 2;
      }),
      tryIt(() => delete o.a),
      tryIt(() => {
        o.nested.x = 9;
      }),
      tryIt(() => {
        o.acc = 5;
      }),
      tryIt(() => Object.setPrototypeOf(o, null)),
      tryIt(() => Object.setPrototypeOf(o, Object.prototype)),
      Object.isExtensible(o),
      Object.isSealed(o),
      Object.isFrozen(o),
      o.nested.x,
    ];
  }
  const deep = (o) => {
    Reflect.ownKeys(o).forEach((k) => {
      const v = o[k];
      if (v && typeof v === 'object' && !Object.isFrozen(v)) deep(v);
    });
    return Object.freeze(o);
  };
  const d = deep({ a: [{ b: { c: 1 } }] });
  const arr = Object.seal([1, 2]);
  const emptyClosed = Object.preventExtensions({});
  return {
    table,
    deep: [
      tryIt(() => {
        d.a[0].b.c = 2;
      }),
      tryIt(() => d.a.push(1)),
    ],
    arr: [
      tryIt(() => arr.push(3)),
      tryIt(() => {
        arr[0] = 9;
      }),
      tryIt(() => arr.pop()),
      arr,
    ],
    prims: [
      Object.isFrozen(5),
      Object.isSealed('x'),
      Object.isExtensible(null),
      Object.freeze(5),
      tryIt(() => Object.freeze()),
    ],
    emptyClosed: [Object.isFrozen(emptyClosed), Object.isSealed(emptyClosed)],
    fn: Object.isFrozen(Object.freeze(() => {})),
    map: Object.freeze(new Map([[1, 1]])).set(2, 2).size,
    klass: tryIt(() => {
      class C {
        x = 1;
        constructor() {
          Object.freeze(this);
        }
      }
      class D extends C {
        y = 2;
      }
      new D();
    }),
    priv: (() => {
      class P {
        #v = 1;
        constructor() {
          Object.freeze(this);
        }
        inc() {
          return ++this.#v;
        }
      }
      return new P().inc();
    })(),
  };
};
