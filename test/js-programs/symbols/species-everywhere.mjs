// Symbol.species in arrays, promises, array buffers, regular expressions and typed arrays.
export default () => {
  const made = [];
  const spy = (Base) =>
    class Spy extends Base {
      static get [Symbol.species]() {
        made.push(Base.name);
        return Base;
      }
    };
  const A = spy(Array),
    P = spy(Promise),
    B = spy(ArrayBuffer),
    R = spy(RegExp),
    T = spy(Uint8Array);
  const a = A.of(1, [2], 3);
  const kinds = [
    a.map((x) => x),
    a.filter(Boolean),
    a.slice(),
    a.splice(0, 1),
    a.concat([1]),
    a.flat(),
    a.flatMap((x) => x),
  ].map((x) => x instanceof A);
  const none = [a.toSorted(), a.toReversed(), a.with(0, 1), a.toSpliced(0, 0)].map((x) => x instanceof A);
  const counted = made.splice(0).length;
  const p = P.resolve(1);
  const promises = [p.then(() => {}), p.catch(() => {}), p.finally(() => {})].map((x) => x instanceof P);
  const afterPromises = made.splice(0);
  const b = new B(8).slice(2) instanceof B;
  const r = 'a,b'.split(new R(','));
  const t = [
    new T(4).map((x) => x) instanceof T,
    new T(4).subarray(1) instanceof T,
    new T(4).slice() instanceof T,
    new T(4).filter(() => true) instanceof T,
  ];
  return {
    kinds,
    none,
    counted,
    promises,
    afterPromises: afterPromises.length,
    b,
    r,
    t,
    rest: made.splice(0),
    defaults: [Array, Map, Set, Promise, RegExp, ArrayBuffer].map((C) => C[Symbol.species] === C),
    desc: typeof Object.getOwnPropertyDescriptor(Array, Symbol.species).get,
  };
};
