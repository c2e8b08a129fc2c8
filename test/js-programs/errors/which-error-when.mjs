// Which kind of error each mistake raises.
const n = (f) => {
  try {
    f();
    return 'none';
  } catch (e) {
    return e.name;
  }
};
export default () =>
  [
    () => null.x,
    () => undefined(),
    () => (void 0)[0],
    () => ({}).x.y,
    () => x1,
    () => new 5(),
    () => new (() => {})(),
    () => 'a'(),
    () => {
      (0, eval)('const c = 1; c++;');
    },
    () => [].reduce((a) => a),
    () => 'x'.repeat(-1),
    () => new Array(-1),
    () => (1).toFixed(200),
    () => decodeURIComponent('%'),
    () => JSON.parse('{'),
    () => new RegExp('('),
    () => BigInt('z'),
    () => 1n + 1,
    () => Symbol() + '',
    () => new Symbol(),
    () => ({}) instanceof 5,
    () => 'a' in 'b',
    () => [...5],
    () => {
      const [a] = {};
    },
    () => {
      const { a } = null;
    },
    () => new Map([1]),
    () => Object.defineProperty(1, 'a', {}),
    () => Object.freeze([]).push(1),
    () =>
      class extends null {
        constructor() {
          super();
        }
      }.name && new (class extends null {})(),
    () => Reflect.construct(1),
    () => new Proxy({}),
    () => structuredClone(() => {}),
    () => new Date(NaN).toISOString(),
    () => ''.normalize('x'),
    () => String.fromCodePoint(-1),
    () => new Uint8Array(-1),
    () => new DataView(new ArrayBuffer(1)).getInt16(0),
    () => Promise(),
    () => new Promise(),
    () => Object.setPrototypeOf(Object.preventExtensions({}), {}),
    () => [].at.call(null),
    () => new URL('::'),
    () => atob('*'),
    () => new WeakMap().set(1, 1),
    () => Symbol.keyFor('x'),
    () => [1].with(5, 0),
    () => Array.from({ length: 2 ** 53 }),
    () =>
      class {
        #a;
        static t(o) {
          return o.#a;
        }
      }.t({}),
    () => Object.fromEntries([1]),
    () => new Intl2(),
  ].map(n);
