// Values as bytes: what comes back is what was sent, and what a hostile guest may send instead is refused.
import test from 'ava';
import fc from 'fast-check';
import { SnapvmError } from '../../src/base/errors.js';
import { decodeHostCall } from '../../src/guests/js/codec.js';
import { decodeSteps, decodeValue, encodeValue } from '../../src/guests/js/values.js';
import { EXPRESSIONS, tableBytes, unlike, withoutNul } from '../support/clones.js';

const stackOf = (_error: Error, stack = ''): string => stack;

function decode(bytes: Uint8Array): unknown {
  return decodeValue(bytes, stackOf);
}

/** To a guest, and as the guest sends it, back. */
function sent(value: unknown, rules: 'clone' | 'json' = 'clone'): unknown {
  return decode(withoutNul(encodeValue(value, 'input', rules)));
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string().map((given) => `\u0001${given}`),
);
const leaf = fc.oneof(
  fc.constantFrom(null, undefined, true, -0, Number.NaN, Number.POSITIVE_INFINITY),
  fc.double(),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
  text,
);
const simple = fc.oneof(
  fc.date().map((date) => () => new Date(date)),
  fc.constantFrom(
    () => /a\/b/gu,
    () => /(?:)/,
  ),
  fc.uint8Array().map((bytes) => () => new Uint8Array(bytes).buffer),
  fc
    .uint8Array({ maxLength: 24 })
    .map((bytes) => () => new Int16Array(new Uint8Array(bytes).buffer, 0, bytes.length >> 1)),
  leaf
    .filter((value) => value !== null && value !== undefined)
    .map((value) => () => Object(value) as unknown),
);
const container = fc.constantFrom<() => object>(
  () => ({}),
  () => [],
  () => new Map(),
  () => new Set(),
);

/** Objects, and what goes into which: any of them, too. */
const graph = fc
  .record({
    containers: fc.array(container, { minLength: 1, maxLength: 8 }),
    simple: fc.array(simple, { maxLength: 4 }),
    members: fc.array(fc.record({ into: fc.nat(), object: fc.option(fc.nat()), leaf, key: text }), {
      maxLength: 40,
    }),
  })
  .map(({ containers, simple: others, members }): unknown => {
    const objects: unknown[] = containers.map((make) => make());
    for (const make of others) objects.push(make());
    for (const { into, object, leaf: value, key } of members) {
      const member = object === null ? value : objects[object % objects.length];
      add(objects[into % containers.length] as object, key, member);
    }
    return objects[0];
  });

function add(to: object, key: string, member: unknown): void {
  if (Array.isArray(to)) to.push(member);
  else if (to instanceof Set) to.add(member);
  else if (to instanceof Map) to.set(key.length % 2 === 0 ? key : member, member);
  else
    Object.defineProperty(to, key, { value: member, enumerable: true, writable: true, configurable: true });
}

/** A value that JSON has a text for, with bytes in it. */
const { value: jsonValue } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    text,
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.string(), tie('value'), { noNullPrototype: true }),
  ),
}));

test('any graph of objects comes back as Node clones it', (t) => {
  fc.assert(
    fc.property(graph, (value) => {
      const expected: unknown = structuredClone(value);
      t.is(unlike(expected, value), undefined);
      t.is(unlike(expected, sent(value)), undefined);
    }),
    { numRuns: 1500 },
  );
});

test('so does every kind of value', (t) => {
  for (const expression of EXPRESSIONS) {
    const value: unknown = new Function(`return ${expression};`)();
    t.is(unlike(structuredClone(value), sent(value)), undefined, expression);
  }
});

test('by the rules of JSON a value comes back as it was sent, with the bytes in it', (t) => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      t.deepEqual(sent(value, 'json'), value);
      t.is(unlike(value, sent(value)), undefined);
    }),
    { numRuns: 1000 },
  );
  const given = {
    date: new Date(0),
    none: undefined,
    numbers: [Number.NaN, undefined],
    bytes: Buffer.from('a'),
  };
  const expected = { date: '1970-01-01T00:00:00.000Z', numbers: [null, null], bytes: new Uint8Array([97]) };
  t.deepEqual(sent(given, 'json'), expected);
});

test('no bytes make decoding throw anything but SNAPVM_GUEST_PROTOCOL, or give more bytes than were sent', (t) => {
  const changed = fc
    .tuple(fc.oneof(graph, jsonValue), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }), fc.nat())
    .map(([value, changes, cut]) => {
      const bytes = withoutNul(encodeValue(value, 'input', 'clone'));
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return cut % 3 === 0 ? bytes.subarray(0, cut % (bytes.length + 1)) : bytes;
    });
  const cell = fc.oneof(
    fc.constantFrom(
      '["u"]',
      '[0]',
      '[1]',
      '[2]',
      '[3]',
      '["z"]',
      '["n","-ff"]',
      '"x"',
      '1',
      'null',
      '{}',
      '[]',
    ),
    fc.json({ maxDepth: 1 }),
  );
  const row = fc
    .tuple(
      fc.constantFrom('o', 'a', 's', 'm', 'S', 'd', 'r', 'p', 'e', 'b', 'v'),
      fc.array(cell, { maxLength: 5 }),
    )
    .map(([kind, cells]) => `[${[JSON.stringify(kind), ...cells].join(',')}]`);
  const table = fc
    .tuple(cell, fc.array(row, { maxLength: 5 }), fc.uint8Array({ maxLength: 9 }))
    .map(([root, rows, bytes]) => tableBytes(`[${[root, ...rows].join(',')}]`, ...bytes));
  fc.assert(
    fc.property(fc.oneof(changed, table, fc.uint8Array()), (bytes) => {
      try {
        t.true(countBytes(decode(bytes), new Set()) <= bytes.length);
      } catch (error) {
        t.true(error instanceof SnapvmError && error.code === 'SNAPVM_GUEST_PROTOCOL', String(error));
      }
    }),
    { numRuns: 4000 },
  );
});

const REFUSED: readonly (readonly [json: string, reason: RegExp, ...bytes: number[]])[] = [
  ['{}', /no table/],
  ['[]', /no table/],
  ['[{}]', /no known kind/],
  ['[[]]', /no known kind/],
  ['[["x"]]', /no known kind/],
  ['[[1]]', /refers to nothing/],
  ['[[0]]', /refers to nothing/],
  ['[[1.5],["o"],["o"]]', /refers to nothing/],
  ['[[-1],["o"]]', /refers to nothing/],
  ['[[1],"o"]', /no list/],
  ['[[1],["toString"]]', /no known kind/],
  ['[[1],["o","a"]]', /has no value/],
  ['[[1],["o",1,2]]', /key in it is none/],
  ['[[1],["m",1]]', /has no value/],
  ['[[1],["d","x"]]', /no time/],
  ['[[1],["d",9e15]]', /no time/],
  ['[[1],["r","(","g"]]', /Invalid regular expression/],
  ['[[1],["r","a","gg"]]', /Invalid flags/],
  ['[[1],["r",5,""]]', /is none/],
  [`[[1],["r","${'a'.repeat(5000)}",""]]`, /more than 4096/],
  [`[[1],["r","${'\\\\p{L}'.repeat(65)}","u"]]`, /too many/],
  ['[[1],["r","\\\\p{RGI_Emoji}","v"]]', /set of strings/],
  [`[[1],["r","${'[\\\\W]'.repeat(33)}","iv"]]`, /too many: those of a value with the flags i and v/],
  ['[[1],["e",["Error"]]]', /no known class/],
  ['[[1],["b",0],["v",["Uint8Array"],1,0,0]]', /not known here/],
  [`[[1],["e",${'["",'.repeat(5000)}"${'x'.repeat(100_000)}"${']'.repeat(5000)}]]`, /no known class/],
  [`[[1],${Array.from({ length: 17 }, () => `["r","${'a'.repeat(4096)}",""]`).join()}]`, /too many: those/],
  ['[["n","12g"]]', /BigInt/],
  ['[["n","-"]]', /BigInt/],
  ['[["n",12]]', /BigInt/],
  [`[["n","${'f'.repeat(70_000)}"]]`, /BigInt/],
  ['[[1],["s",4294967295]]', /holes/],
  ['[[1],["s",4294967296]]', /no length/],
  [`[[1],["s",1000000],["s",1000000]]`, /holes/],
  ['[[1],["s",2,"2",1]]', /longer than/],
  ['[[1],["s",2,"length",9]]', /longer than/],
  ['[[1],["p",["u"]]]', /boxed/],
  ['[[1],["p",[1]]]', /boxed/],
  ['[[1],["p",null]]', /boxed/],
  ['[[1],["e","Object"]]', /no known class/],
  ['[[1],["e","Error","message",1]]', /no text/],
  ['[[1],["b",4]]', /outside/, 1, 2, 3],
  ['[[1],["b",-1]]', /outside/, 1, 2, 3],
  ['[[1],["b",2]]', /belong to nothing/, 1, 2, 3],
  ['[[1],["b",3],["b",1]]', /outside/, 1, 2, 3],
  ['[[2],["b",3],["v","Uint8Array",1,2,2]]', /nvalid typed array length/, 1, 2, 3],
  ['[[2],["b",3],["v","Uint16Array",1,1,1]]', /multiple of 2/, 1, 2, 3],
  ['[[2],["b",3],["v","Array",1,0,1]]', /not known/, 1, 2, 3],
  ['[[1],["t","Uint8Array",4]]', /outside/, 1, 2, 3],
  ['[[1],["t","Uint16Array",2]]', /outside/, 1, 2, 3],
  ['[[1],["t","Float64Array",9007199254740991]]', /outside/, 1, 2, 3],
  ['[[1],["t","Uint8Array",2]]', /belong to nothing/, 1, 2, 3],
  ['[[1],["t","Uint8Array",-1]]', /no length/, 1, 2, 3],
  ['[[1],["t","Uint8Array",[3]]]', /no length/, 1, 2, 3],
  ['[[1],["t",["Uint8Array"],3]]', /not known/, 1, 2, 3],
  ['[[1],["t","Array",3]]', /not known/, 1, 2, 3],
  ['[[2],["t","Uint8Array",3],["v","Uint8Array",1,0,1]]', /on nothing/, 1, 2, 3],
  ['[[1],["v","Uint8Array",1,0,1]]', /refers to nothing/],
  ['[[2],["o"],["v","Uint8Array",1,0,1]]', /on nothing/],
  [`[[1],["S",${colliding(2000).join()}]]`, /same hash/],
  [
    `[[1],["m",${colliding(2000)
      .map((key) => `${key},0`)
      .join()}]]`,
    /same hash/,
  ],
  // V8 looks at the lowest 64 bits.
  [
    `[[1],["S",${Array.from({ length: 2000 }, (_, i) => `["n","${i + 1}${'0'.repeat(16)}"]`).join()}]]`,
    /same hash/,
  ],
];

/** Numbers that V8 keeps in one place of a Map of so many. */
function colliding(count: number): number[] {
  const found: number[] = [];
  for (let key = 0; found.length < count; key++) {
    let hash = (~key + (key << 15)) | 0;
    hash ^= hash >>> 12;
    hash = (hash + (hash << 2)) | 0;
    hash = Math.imul(hash ^ (hash >>> 4), 2057);
    if (((hash ^ (hash >>> 16)) & 1023) === 0) found.push(key);
  }
  return found;
}

for (const [json, reason, ...bytes] of REFUSED)
  test(`a table that is none is refused: ${json.slice(0, 60)} ${reason}`, (t) => {
    const error = t.throws(() => decode(tableBytes(json, ...bytes)), { code: 'SNAPVM_GUEST_PROTOCOL' });
    t.regex(error?.message ?? '', reason);
  });

test('a list with holes is as long as it says, and no key of an object reaches a prototype', (t) => {
  const lists = decode(
    tableBytes(`[[1],["a",${'[2],'.repeat(9)}[2]],["s",1000000,"999999",1]]`),
  ) as unknown[][];
  t.is(lists[0]?.length, 1_000_000);
  const object = decode(tableBytes('[[1],["o","__proto__",[2]],["m","__proto__",1]]')) as object;
  t.is(Object.getPrototypeOf(object), Object.prototype);
  t.deepEqual(Object.keys(object), ['__proto__']);
});

test('numbers and BigInts that nobody chose are no crowd', (t) => {
  const keys = Array.from({ length: 20_000 }, (_, i) => [
    i,
    -i * 8192,
    i + 0.5,
    BigInt(i) << 32n,
    i * 2 ** 40,
  ]).flat();
  const set = sent(new Set(keys)) as Set<unknown>;
  t.deepEqual([...set], [...new Set(keys)]);
});

test('a value as deep as it is long, and one of many small objects, is read in steps', (t) => {
  const depth = 100_000;
  const nested = `[[1],${Array.from({ length: depth }, (_, i) => `["a",${i + 1 < depth ? `[${i + 2}]` : '1'}]`).join()}]`;
  let value = decode(tableBytes(nested));
  let levels = 0;
  for (; Array.isArray(value); levels++) value = value[0];
  t.is(levels, depth);
  for (const row of ['["m"]', '["r","a",""]', '["e","Error"]', '["d",1]']) {
    const many = 60_000;
    const steps = decodeSteps(tableBytes(`[[1],${Array.from({ length: many }, () => row).join()}]`), stackOf);
    let count = 0;
    while (steps.next().done !== true) count++;
    t.true(count > many / 512, `${row}: ${count}`);
  }
});

test('values that cannot be sent are refused by name and place', (t) => {
  const big = { a: [1, new Map([['k', { 'odd key': [new Set([() => 1])] }]])] };
  const refused: [unknown, RegExp][] = [
    [() => 1, /^input is a function; it must be what a structured clone can have$/],
    [Symbol('x'), /^input is a symbol/],
    [{ f() {} }, /^a value in input, at \.f, is a function/],
    [big, /at \.a\[1\]<value 0>\["odd key"\]\[0\]<member 0>, is a function/],
    [Promise.resolve(1), /^input is a Promise \(await it first\)/],
    [[new WeakMap()], /at \[0\], is a WeakMap/],
    [{ r: new WeakRef({}) }, /at \.r, is a WeakRef/],
    [new SharedArrayBuffer(1), /is a SharedArrayBuffer/],
    [2n ** 300_000n, /is a BigInt of more than 65536 hexadecimal digits/],
    [new Array(2 ** 32 - 1), /is a list with more than 1048576 holes/],
    [new RegExp('a'.repeat(5000)), /is a RegExp of more than 4096 characters/],
  ];
  for (const [value, message] of refused) {
    const error = t.throws(() => encodeValue(value, 'input', 'clone'), { instanceOf: SnapvmError });
    t.is(error?.code, 'SNAPVM_CONFIG_VALUE');
    t.regex(error?.message ?? '', message);
  }
});

test('views bring their own bytes, and share them where they overlap', (t) => {
  const pool = Buffer.from('secret and public');
  const alone = sent({ part: pool.subarray(11) }) as { part: Uint8Array };
  t.is(Buffer.from(alone.part.buffer as ArrayBuffer).toString(), 'public');
  t.is(Object.getPrototypeOf(alone.part), Uint8Array.prototype);
  t.false(Buffer.from(encodeValue([pool.subarray(11), 1n], 'x', 'clone')).includes('secret'));
  const buffer = new ArrayBuffer(16);
  const views = sent([
    new Uint8Array(buffer, 0, 4),
    new Uint8Array(buffer, 2, 4),
    new Uint8Array(buffer, 8),
  ]) as Uint8Array[];
  const [one, two, three] = views as [Uint8Array, Uint8Array, Uint8Array];
  t.is(one.buffer, two.buffer);
  t.not(one.buffer, three.buffer);
  one[3] = 7;
  t.is(two[1], 7);
});

test('views alone, views that overlap and buffers each get their own bytes', (t) => {
  const buffer = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8).buffer;
  const shared = Uint8Array.of(11, 12, 13, 14, 15, 16).buffer;
  const value = [
    Uint8Array.of(21),
    new Uint8Array(shared, 4, 2),
    new Uint16Array(buffer, 2, 1),
    new Uint8Array(shared, 0, 2),
    new DataView(Uint8Array.of(31, 32).buffer, 1),
    buffer,
    new Uint8Array(shared, 1, 2),
    new BigInt64Array([-1n]),
    new Uint8Array(0),
    Float64Array.of(0.5, Number.NaN),
    Buffer.from('pooled'),
  ];
  const got = sent(value) as typeof value;
  const bytesOf = (view: ArrayBufferView): number[] => [
    ...new Uint8Array(view.buffer, view.byteOffset, view.byteLength),
  ];
  for (const [at, given] of value.entries()) {
    const there = got[at];
    if (given instanceof ArrayBuffer) {
      t.deepEqual(there, given);
      continue;
    }
    t.is(Object.prototype.toString.call(there), Object.prototype.toString.call(given));
    t.deepEqual(bytesOf(there as ArrayBufferView), bytesOf(given), `${at}`);
  }
  const sizes = got.map((there) => (there instanceof ArrayBuffer ? there : there.buffer).byteLength);
  t.deepEqual(sizes, [1, 2, 8, 3, 1, 8, 3, 8, 0, 16, 6]);
});

test('an error has its class, message, cause, errors and properties, and of the host no stack', (t) => {
  const given = Object.assign(
    new AggregateError([new TypeError('one'), 2], 'many', { cause: { a: new Map() } }),
    {
      code: 'E_MANY',
      f() {},
      deep: [{ g() {}, kept: 1 }],
    },
  );
  const error = sent(given) as AggregateError & Record<string, unknown>;
  t.true(error instanceof AggregateError);
  t.is(error.message, 'many');
  t.deepEqual(error.cause, { a: new Map() });
  t.true(error.errors[0] instanceof TypeError);
  t.is(error.errors[1], 2);
  t.deepEqual(Object.keys(error).sort(), ['code', 'deep']);
  t.deepEqual(error['deep'], [{ kept: 1 }]);
  t.is(error.stack, '');
  class Mine extends RangeError {
    override name = 'Mine';
  }
  const mine = sent([new Mine('x')]) as Error[];
  t.true(mine[0] instanceof RangeError);
  t.is(String(mine[0]), 'Mine: x');
});

test('a host call is a list of values, and nothing else', (t) => {
  const payload = withoutNul(encodeValue(['a', 1], 'x', 'clone'));
  t.deepEqual(decodeHostCall(payload, stackOf), { input: new TextEncoder().encode('a'), args: ['a', 1] });
  for (const value of [undefined, 1, {}, new Uint8Array(3), new Map()]) {
    const other = withoutNul(encodeValue(value, 'x', 'clone'));
    t.throws(() => decodeHostCall(other, stackOf), { code: 'SNAPVM_GUEST_PROTOCOL' });
  }
});

/** In buffers, each once. */
function countBytes(value: unknown, seen: Set<unknown>): number {
  if (typeof value !== 'object' || value === null || seen.has(value)) return 0;
  seen.add(value);
  if (ArrayBuffer.isView(value)) return countBytes(value.buffer, seen);
  if (value instanceof ArrayBuffer) return value.byteLength;
  const inside = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : [];
  return [...inside, ...Object.values(value)].reduce((sum: number, part) => sum + countBytes(part, seen), 0);
}

test('what a getter or a proxy of the caller throws is told as the value that cannot be sent', (t) => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const thrower = {
    get a() {
      throw new Error('mine');
    },
  };
  for (const value of [thrower, [thrower], proxy, new Map([[1, proxy]])])
    for (const rules of ['clone', 'json'] as const)
      t.is(t.throws<SnapvmError>(() => encodeValue(value, 'input', rules)).code, 'SNAPVM_CONFIG_VALUE');
});

test('a DOMException is an Error', (t) => {
  const error = sent(new DOMException('gone', 'AbortError'));
  t.true(error instanceof Error);
  t.like(error, { message: 'gone', name: 'AbortError' });
});

test('a high place in an object takes no memory for the places before it', (t) => {
  const count = 50_000;
  const places = Array.from({ length: count }, (_, index) => `[${index + 2}]`);
  for (const record of ['["o","300",1]', '["e","Error","300",1]']) {
    const bytes = tableBytes(`[[1],["a",${places.join()}],${places.map(() => record).join()}]`);
    const before = process.memoryUsage().heapUsed;
    const objects = decode(bytes) as readonly unknown[];
    t.true(process.memoryUsage().heapUsed - before < 100 * 2 ** 20);
    t.is(objects.length, count);
  }
});
