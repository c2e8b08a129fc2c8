// Function objects: prototype, toString shape, properties, Symbol.hasInstance, the intrinsic kinds.
export default () => {
  const kinds = {
    plain: function () {},
    arrow: () => {},
    method: { m() {} }.m,
    klass: class {},
    gen: function* () {},
    asyncFn: async () => {},
    asyncGen: async function* () {},
    bound: function () {}.bind(),
    native: parseInt,
  };
  const table = Object.fromEntries(
    Object.entries(kinds).map(([k, f]) => [
      k,
      [
        Object.prototype.toString.call(f),
        Object.getPrototypeOf(f).constructor.name,
        Object.hasOwn(f, 'prototype'),
        typeof f,
        Reflect.ownKeys(f).map(String).sort().join(),
      ],
    ]),
  );
  const src = (f) => Function.prototype.toString.call(f).replace(/\s+/g, ' ');
  const native = /^function parseInt\(\) \{ \[native code\] \}$/.test(src(parseInt));
  const fnProto = Function.prototype;
  let bad;
  try {
    fnProto.toString.call({});
  } catch (e) {
    bad = e.name;
  }
  const P = function () {};
  const d = Object.getOwnPropertyDescriptor(P, 'prototype');
  return {
    table,
    native,
    bad,
    proto: [
      typeof fnProto,
      fnProto.length,
      fnProto.name,
      fnProto() === undefined,
      Object.getPrototypeOf(fnProto) === Object.prototype,
    ],
    d: [d.writable, d.enumerable, d.configurable],
    ctor: [P.prototype.constructor === P, Object.keys(P.prototype)],
    inst: [fnProto[Symbol.hasInstance].call(P, new P()), fnProto[Symbol.hasInstance].call(P, {})],
    round: new Function(`return (${src((a, b) => a * b)})`)()(6, 7),
  };
};
