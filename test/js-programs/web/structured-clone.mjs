// What structuredClone copies, shares and refuses.
const t = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const inner = { n: 1 };
  const src = {
    d: new Date(5),
    r: /x/gi,
    m: new Map([[inner, new Set([inner])]]),
    u8: new Uint8Array([1, 2]),
    a: [1, , 3],
    b: 5n,
    nul: null,
    und: undefined,
    nan: NaN,
    e: new RangeError('m'),
    w: [new String('s'), new Number(1), new Boolean(false)],
    inner,
  };
  src.self = src;
  const c = structuredClone(src);
  class K {
    x = 1;
    #p = 2;
    get g() {
      return 1;
    }
  }
  const k = structuredClone(new K());
  return {
    same: [
      c !== src,
      c.self === c,
      c.inner === [...c.m.keys()][0],
      [...c.m.values()][0].has(c.inner),
      c.inner !== inner,
    ],
    types: [
      c.d.getTime(),
      String(c.r),
      c.u8 instanceof Uint8Array,
      c.u8.join(),
      1 in c.a,
      c.a.length,
      String(c.b),
      c.nul,
      'und' in c,
      Number.isNaN(c.nan),
      c.e instanceof RangeError,
      c.e.message,
      c.w.map((x) => typeof x),
    ],
    k: [k instanceof K, k, 'g' in k],
    acc: structuredClone({
      get v() {
        return 'read';
      },
    }),
    errs: [
      t(() => structuredClone(() => {})),
      t(() => structuredClone(Symbol())),
      t(() => structuredClone({ f() {} })),
      t(() => structuredClone(new WeakMap())),
      t(() => structuredClone(Promise.resolve())),
      t(() => structuredClone()),
    ],
    prims: [
      structuredClone('s'),
      structuredClone(1),
      structuredClone(null),
      structuredClone(undefined) === undefined,
    ],
    shared: (() => {
      const b = new ArrayBuffer(4);
      const x = structuredClone([new Uint8Array(b), new Uint16Array(b)]);
      return x[0].buffer === x[1].buffer;
    })(),
    lastIndex: (() => {
      const r = /a/g;
      r.lastIndex = 3;
      return structuredClone(r).lastIndex;
    })(),
    frozen: Object.isFrozen(structuredClone(Object.freeze({}))),
    sym: Object.getOwnPropertySymbols(structuredClone({ [Symbol()]: 1 })).length,
  };
};
