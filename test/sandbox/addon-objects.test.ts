// Objects and numbers that the addon did not ask for: each is a TypeError or a RangeError, and no memory is read as
// something that it is not. A crash ends this file's process.
import test, { type ExecutionContext } from 'ava';
import { type AddonImage, addon, BACKEND, ENTRY, STATUS } from '../../src/addon/addon.js';
import { MAIN_DOORBELL, RING } from '../../src/wire/ring.js';
import { coldGuest, TEST_BACKEND } from '../support/sandbox.js';
import { PAGE } from '../support/snapshot-build.js';

type Method = (...values: unknown[]) => unknown;
type Class = new (...values: unknown[]) => object;

/** Any argument may be any value here. */
const exported = addon() as unknown as Readonly<Record<string, Method>> & {
  readonly [name in 'Sandbox' | 'Server' | 'Snapshot']: Class;
};

const shared = (bytes: number): Uint8Array => new Uint8Array(new SharedArrayBuffer(bytes));
const backend = BACKEND[TEST_BACKEND];

/** A good value, and values that are not of its kind (TypeError) or out of its range (RangeError). */
interface Kind {
  readonly good: unknown;
  readonly others: readonly unknown[];
  readonly outside?: readonly unknown[];
}

const PRIMITIVES = [undefined, null, true, 'text', Symbol('symbol')];
const OBJECTS = [{}, [], () => 0, new Map(), new ArrayBuffer(PAGE), new DataView(new ArrayBuffer(PAGE))];
const VIEWS = [
  new Int8Array(PAGE),
  new Uint8ClampedArray(PAGE),
  new Uint16Array(PAGE),
  new Uint32Array(PAGE),
  new Float32Array(PAGE),
  new Float64Array(PAGE),
  new BigUint64Array(PAGE),
  new BigInt64Array(PAGE),
  new Uint8Array(PAGE),
];

/** What looks like `good`, and is not. */
function imitations(good: object): unknown[] {
  return [
    new Proxy(good, {}),
    Object.create(good),
    Object.create(Object.getPrototypeOf(good)),
    Object.fromEntries(
      Object.getOwnPropertyNames(Object.getPrototypeOf(good)).map((name) => [name, () => 0]),
    ),
  ];
}

function view(good: Uint8Array | Uint32Array | Float64Array | BigUint64Array, outside?: unknown[]): Kind {
  const different = VIEWS.filter((one) => one.constructor !== good.constructor);
  const others = [...PRIMITIVES, 1, 1n, ...OBJECTS, ...different, ...imitations(good)];
  return { good, others, ...(outside && { outside }) };
}

function sharedView(good: Uint8Array, outside?: unknown[]): Kind {
  const kind = view(good, outside);
  return { ...kind, others: [...kind.others, new Uint8Array(good.length), Buffer.alloc(good.length)] };
}

function whole(good: number, ...outside: number[]): Kind {
  return {
    good,
    others: [...PRIMITIVES, 1n, ...OBJECTS, ...VIEWS],
    outside: [Number.NaN, -1, 0.5, Number.POSITIVE_INFINITY, 2 ** 53, ...outside],
  };
}

const WORD32 = 2 ** 32;
const MICROSECONDS: Kind = { ...whole(0), outside: [Number.NaN, Number.POSITIVE_INFINITY, 1e17] };
const FLAG: Kind = { good: false, others: [undefined, null, 0, 'true', {}] };
const BIG: Kind = { good: 1n, others: [...PRIMITIVES, 1, ...OBJECTS], outside: [-1n, 1n << 64n] };

function snapshotSpec(image: AddonImage): Readonly<Record<string, unknown>> {
  return {
    supervisor: false,
    entry: ENTRY.initialise,
    memory: {
      imageBytes: PAGE,
      tableBytes: PAGE,
      monitorBytes: PAGE,
      scratchBytes: PAGE,
      inputBytes: PAGE,
      outputBytes: PAGE,
      frameBytes: 0,
      fileBytes: 0,
    },
    layers: [{ imageId: image.id }],
    registers: new BigUint64Array(9),
  };
}

/** One object of each class, and what it takes to make another. */
async function objects(t: ExecutionContext) {
  const image = addon().createLayer(PAGE);
  t.teardown(() => image.close());
  const spec = snapshotSpec(image);
  const snapshot = new exported.Snapshot(spec);
  const sandbox = (await coldGuest(t, 'examples/echo')).sandbox.handle;
  const server = new exported.Server(shared(RING.bytes), shared(MAIN_DOORBELL.words * 4), () => 0, 1e9);
  return { image, snapshot, sandbox, server, spec };
}

type Objects = Awaited<ReturnType<typeof objects>>;

/** An object of one class, where all of the others are not. */
function objectKind(all: Objects, name: 'image' | 'snapshot' | 'sandbox' | 'server'): Kind {
  const { image, snapshot, sandbox, server } = all;
  const strangers = Object.entries({ image, snapshot, sandbox, server }).filter(([own]) => own !== name);
  const good = all[name];
  const others = [
    ...PRIMITIVES,
    1,
    1n,
    ...OBJECTS,
    ...VIEWS,
    ...imitations(good),
    ...strangers.map(([, one]) => one),
    Object.setPrototypeOf(new exported.Snapshot(all.spec), Object.getPrototypeOf(server)),
  ];
  return { good, others: name === 'snapshot' ? others.slice(0, -1) : others };
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.prototype.toString.call(value);
}

function refuses(t: ExecutionContext, call: () => unknown, error: ErrorConstructor, title: string): void {
  const thrown = t.throws(call, { instanceOf: error, any: true } as never, title) as unknown as
    | { code?: string }
    | undefined;
  if (thrown?.code !== undefined) t.is(thrown.code, 'SNAPVM_INTERNAL', title);
}

/** Gives each argument every value it must not have, while the others are good. */
function refusesAll(t: ExecutionContext, name: string, call: Method, kinds: readonly Kind[]): void {
  const good = kinds.map((kind) => kind.good);
  for (const [at, { others, outside = [] }] of kinds.entries()) {
    const title = (value: unknown): string => `${name}, argument ${at + 1}: ${describe(value)}`;
    for (const value of others) refuses(t, () => call(...good.with(at, value)), TypeError, title(value));
    for (const value of outside) refuses(t, () => call(...good.with(at, value)), RangeError, title(value));
  }
}

test('functions of the addon', (t) => {
  refusesAll(t, 'createImage', exported['createImage'] as Method, [
    sharedView(shared(PAGE), [shared(0), shared(PAGE + 1), shared(PAGE).subarray(1)]),
  ]);
  refusesAll(t, 'createLayer', exported['createLayer'] as Method, [whole(PAGE, 0, 1, PAGE + 1)]);
  refusesAll(t, 'openImage', exported['openImage'] as Method, [whole(0)]);
  refusesAll(t, 'capabilities', exported['capabilities'] as Method, [
    view(new Uint8Array(1), [new Uint8Array(0), new Uint8Array(PAGE + 1)]),
  ]);
  refusesAll(t, 'entryMask', exported['entryMask'] as Method, [BIG, view(new Uint32Array(0))]);
  for (const name of ['interrupt', 'settleTicket'])
    refusesAll(t, name, exported[name] as Method, [whole(0), whole(0)]);
  refusesAll(t, 'closeThread', exported['closeThread'] as Method, [whole(0)]);
  refusesAll(t, 'discard', exported['discard'] as Method, [sharedView(shared(PAGE))]);
});

test('images', (t) => {
  const image = addon().createLayer(PAGE) as unknown as Record<string, Method>;
  const offset = whole(0, PAGE + 1, 2 ** 40);
  refusesAll(t, 'write', (...values) => image['write']?.(...values), [offset, view(new Uint8Array(1))]);
  refuses(t, () => image['write']?.(1, new Uint8Array(PAGE)), RangeError, 'past the end');
  image['seal']?.();
  refusesAll(t, 'read', (...values) => image['read']?.(...values), [offset, view(new Uint8Array(1))]);
  refuses(t, () => image['read']?.(1, new Uint8Array(PAGE)), RangeError, 'past the end');
  image['read']?.(0, new Uint8Array(PAGE));
  image['close']?.();
  t.pass();
});

test('snapshots', async (t) => {
  const { spec } = await objects(t);
  const make: Method = (value) => new exported.Snapshot(value);
  refusesAll(t, 'Snapshot', make, [{ good: spec, others: [...PRIMITIVES, 1, {}, [], ...VIEWS] }]);
  const bytes = view(new Uint8Array(0)).others.slice(1); // absent is allowed
  const fields: Readonly<Record<string, Kind>> = {
    supervisor: FLAG,
    entry: whole(0, 4, 7, 256, WORD32),
    memory: { good: spec['memory'], others: [...PRIMITIVES, {}, []] },
    layers: { good: spec['layers'], others: [...PRIMITIVES, {}, [1], [{}], [{ imageId: '1' }]] },
    registers: view(spec['registers'] as BigUint64Array, [new BigUint64Array(8), new BigUint64Array(0)]),
    system: { good: undefined, others: bytes },
    frozen: { good: undefined, others: bytes },
    hostState: { good: undefined, others: bytes },
    linux: { good: undefined, others: [null, 1, 'text', {}, [], { args: ['a'], env: {} }] },
  };
  for (const [field, kind] of Object.entries(fields))
    refusesAll(t, `spec.${field}`, (value) => make({ ...spec, [field]: value }), [kind]);
  for (const size of Object.keys(spec['memory'] as object)) {
    const change: Method = (value) =>
      make({ ...spec, memory: { ...(spec['memory'] as object), [size]: value } });
    refusesAll(t, `spec.memory.${size}`, change, [whole(PAGE)]);
  }
  const pages = view(new Float64Array(0), [Float64Array.of(-1), Float64Array.of(Number.NaN)]);
  const layer: Method = (value) => make({ ...spec, layers: [{ imageId: 1, pages: value }] });
  refusesAll(t, 'spec.layers[0].pages', layer, [{ ...pages, others: pages.others.slice(1) }]);
});

test('sandboxes', async (t) => {
  const all = await objects(t);
  const status = view(new Float64Array(STATUS.words), [
    new Float64Array(0),
    new Float64Array(STATUS.words - 1),
  ]);
  refusesAll(t, 'Sandbox', (...values) => new exported.Sandbox(...values), [
    objectKind(all, 'snapshot'),
    whole(backend, 2, 7, WORD32, WORD32 + 1),
    whole(1, WORD32),
    whole(1, WORD32),
    status,
  ]);
  const sandbox = all.sandbox as unknown as Record<string, Method>;
  const method =
    (name: string): Method =>
    (...values) =>
      sandbox[name]?.(...values);
  const run = [whole(1), MICROSECONDS, MICROSECONDS];
  const deadline = { ...MICROSECONDS, others: MICROSECONDS.others.slice(1) };
  refusesAll(t, 'initialise', method('initialise'), [...run, deadline]);
  for (const name of ['specialise', 'call', 'callReady'])
    refusesAll(t, name, method(name), [view(new Uint8Array(1)), whole(0, WORD32), ...run, deadline]);
  refusesAll(t, 'answer', method('answer'), [view(new Uint8Array(1)), whole(0, WORD32), whole(1)]);
  refusesAll(t, 'readPayload', method('readPayload'), [view(new Uint8Array(0), [new Uint8Array(1)])]);
  t.is(all.sandbox.initialise(1, 0, 0), 0, 'it works still');
});

test('servers', async (t) => {
  const all = await objects(t);
  const ring = sharedView(shared(RING.bytes), [shared(0), shared(RING.bytes - 8), shared(PAGE)]);
  const doorbell = sharedView(shared(MAIN_DOORBELL.words * 4), [shared(0), shared(4)]);
  const wake = { good: () => 0, others: [...PRIMITIVES, 1, {}, [], ...VIEWS] };
  const most = { ...whole(0), outside: [Number.NaN] };
  refusesAll(t, 'Server', (...values) => new exported.Server(...values), [ring, doorbell, wake, most]);
  const server = all.server as unknown as Record<string, Method>;
  const method =
    (name: string): Method =>
    (...values) =>
      server[name]?.(...values);
  const control = { ...whole(0), outside: [Number.NaN, 0.5, 2 ** 31, -(2 ** 31) - 1] };
  refusesAll(t, 'serve', method('serve'), [control]);
  refusesAll(t, 'add', method('add'), [objectKind(all, 'sandbox'), whole(1), FLAG]);
  refusesAll(t, 'acquire', method('acquire'), [whole(1)]);
  for (const name of ['release', 'remove']) refusesAll(t, name, method(name), [whole(0, WORD32)]);
  t.throws(() => server['release']?.(0), { code: 'SNAPVM_INTERNAL' }, 'there is none of that key');
  all.sandbox.close();
  t.throws(() => server['add']?.(all.sandbox, 1, false), { code: 'SNAPVM_SANDBOX_STATE' }, 'it was closed');
  t.is(server['oldestIdle']?.(), -1);
});

test('methods and getters on objects of other classes', async (t) => {
  const all = await objects(t);
  const strangers = {
    sandbox: objectKind(all, 'sandbox').others,
    server: objectKind(all, 'server').others,
    image: objectKind(all, 'image').others,
  };
  let tried = 0;
  for (const [name, others] of Object.entries(strangers)) {
    const prototype = Object.getPrototypeOf(all[name as keyof Objects]);
    for (const [key, { value, get }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      if (key === 'constructor') continue;
      for (const other of others) {
        refuses(t, () => Reflect.apply(get ?? value, other, []), TypeError, `${key} on ${describe(other)}`);
        tried++;
      }
    }
  }
  t.true(tried > 500, `${tried} tried`);
  t.is(all.image.byteLength, PAGE);
});

test('classes without new', (t) => {
  for (const name of ['Sandbox', 'Server', 'Snapshot'] as const)
    refuses(t, () => Reflect.apply(exported[name], undefined, []), TypeError, name);
});
