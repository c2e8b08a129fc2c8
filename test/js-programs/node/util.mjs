import util, {
  callbackify,
  format,
  inspect,
  isDeepStrictEqual,
  parseArgs,
  promisify,
  types,
} from 'node:util';
import { isRegExp } from 'node:util/types';

class Point {
  constructor() {
    this.x = 1;
  }

  [inspect.custom](_depth, _options) {
    return `Point<${this.x}>`;
  }
}

function Old() {}
function Older() {}
util.inherits(Old, Older);

export default async () => [
  inspect({
    a: [1, { b: { c: { d: 1 } } }],
    m: new Map([['k', new Set([1])]]),
    s: Symbol('q'),
    n: null,
    f() {},
  }),
  inspect({ deep: { deep: { deep: { deep: 1 } } } }, { depth: 0 }),
  inspect([undefined, -0, 10n, "it's", new Date(0), /x/g, [, 1]], { compact: false }),
  inspect('x'.repeat(200), { maxStringLength: 10 }),
  inspect({ a: 1 }, { colors: true }),
  inspect(new Point()),
  inspect(
    new (class Foo {
      y = 2;
    })(),
  ),
  inspect(Object.create(null)),
  inspect(new Uint8Array([1, 2])),
  format('%s %d %i %f %j %o %O %%', 'a', 1.5, '42px', '1.5', { a: 1 }, [1], { b: 2 }, 'more'),
  await promisify((value, done) => done(null, value + 1))(1),
  await promisify((done) => done(new Error('no')))().catch((error) => error.message),
  await new Promise((resolve) => callbackify(async (x) => x * 2)(4, (_error, value) => resolve(value))),
  isDeepStrictEqual({ a: new Map([[{ k: 1 }, 2]]) }, { a: new Map([[{ k: 1 }, 2]]) }),
  isDeepStrictEqual([1, 2], [1, '2']),
  parseArgs({
    args: ['-f', '--bar', 'b', 'c'],
    options: { f: { type: 'boolean', short: 'f' }, bar: { type: 'string' } },
    allowPositionals: true,
  }),
  [
    types.isDate(new Date()),
    types.isMap(new Map()),
    types.isPromise({}),
    isRegExp(/x/),
    types.isUint8Array(new Uint8Array(1)),
    types.isTypedArray(new DataView(new ArrayBuffer(1))),
  ],
  [
    types.isAsyncFunction(async () => {}),
    types.isGeneratorFunction(function* () {}),
    types.isNativeError(new TypeError()),
    types.isBoxedPrimitive(Object(1)),
  ],
  [new Old() instanceof Older, Old.super_ === Older],
  util.stripVTControlCharacters('\u001b[31mred\u001b[0m'),
  util.types.isArrayBuffer(new ArrayBuffer(1)),
  util.toUSVString('a\ud800'),
  util.deprecate((x) => x + 1, 'old')(1),
  util.getSystemErrorName(-2),
  [util.isArray([]), typeof util.TextEncoder, util.inspect.defaultOptions.depth],
];
