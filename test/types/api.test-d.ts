// What the types of the public API promise: valid uses compile, and these mistakes do not.
import {
  type AnyHandle,
  type CallManyOptions,
  type CallOptions,
  type CallStats,
  type Distribution,
  Engine,
  type EngineOptions,
  type EngineStats,
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetails,
  type FunctionHandle,
  type GuestError,
  type GuestErrorCode,
  type GuestThrownError,
  type HostCallContext,
  type HostFunction,
  type HostFunctions,
  type JsHandle,
  type JsValue,
  type LinuxHandle,
  type LinuxResult,
  type Policy,
  type Snapshot,
  SnapvmError,
  type StoreStats,
} from 'snapvm';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';

// Starting an engine
expectType<Promise<Engine>>(Engine.start());
expectType<Promise<Engine>>(Engine.start({ workers: 2, logger: console }));
expectType<Promise<Engine>>(Engine.start({ store: '/var/cache/snapvm' }));
expectType<Promise<Engine>>(Engine.start({ store: new URL('file:///var/cache/snapvm') }));
expectError(Engine.start({ store: true }));
expectError(Engine.start({ workers: '2' }));
expectError(Engine.start({ threads: 2 }));
expectNotAssignable<new (...args: never) => unknown>(Engine);
expectNotAssignable<EngineOptions>({ logger: { error() {} } });
declare const engine: Engine;
expectAssignable<AsyncDisposable>(engine);
expectType<Promise<void>>(engine.close());
expectType<Promise<void>>(engine.close({ drain: true }));
expectError(engine.close({ drain: 'yes' }));
expectError(engine.close(true));
expectAssignable<EngineOptions>({ workers: 1, maxQueue: 5, residentBytes: 2 ** 20, hostFunctions: {} });
expectNotAssignable<EngineOptions>({ maxQueue: '5' });
expectError(Engine.start({ maxqueue: 5 }));

// Host functions
expectAssignable<HostFunctions>({
  bytes: (input) => input,
  text: () => 'text',
  nothing: () => undefined,
  later: async (input, { signal }) => (signal.aborted ? undefined : input),
  buffer: () => Buffer.from('text'),
});
expectType<Promise<Engine>>(
  Engine.start({
    hostFunctions: {
      lookup: (input, context) => {
        expectType<Uint8Array>(input);
        expectType<HostCallContext>(context);
        expectType<string>(context.function);
        expectType<string | undefined>(context.fn);
        expectType<number>(context.call);
        expectType<AbortSignal>(context.signal);
        return input;
      },
    },
  }),
);
// A JavaScript function may be answered any value
expectAssignable<HostFunction>(() => 5);
expectAssignable<HostFunction>(async (_bytes, { args: [key] }) => ({ key: key ?? null, more: [1, 'a'] }));
expectAssignable<HostFunction>(() => new Map([[5n, new Set(['a'])]]));
expectNotAssignable<HostFunction>(() => Symbol('a'));
expectNotAssignable<HostFunction>(() => () => 5);
expectNotAssignable<HostFunction>((input: string) => input);
expectNotAssignable<HostFunctions>({ lookup: 'x' });
expectError(Engine.start({ hostFunctions: { lookup: 5 } }));
expectAssignable<Policy>({ hostFunctions: ['lookup'] });
expectNotAssignable<Policy>({ hostFunctions: 'lookup' });
expectNotAssignable<Policy>({ hostFunctions: { lookup: true } });

// Events
engine.on('workerReplaced', ({ threadId, calls }) => {
  expectType<number>(threadId);
  expectType<number>(calls);
});
engine.once('functionPoisoned', ({ function: name, inRow, error: last }) => {
  expectType<string>(name);
  expectType<number>(inRow);
  expectType<SnapvmError>(last);
});
engine.on('storeProblem', ({ kind, error: refused }) => {
  expectType<'refused' | 'unsaved'>(kind);
  expectType<SnapvmError>(refused);
});
engine.on('queueFull', ({ maxQueue }) => expectType<number>(maxQueue));
expectError(engine.on('queueFull', (about: string) => about));
expectError(engine.on('functionPoisoned', ({ reason }) => reason));

// Stats
expectType<EngineStats>(engine.stats());
expectAssignable<CallStats>(engine.stats());
const { errors, queueUs, runUs, restoreUs, dirtyPages, residents } = engine.stats();
expectType<Readonly<Partial<Record<ErrorCode, number>>>>(errors);
expectType<number | undefined>(errors.SNAPVM_CALL_TIMEOUT);
expectError(errors.SNAPVM_NO_SUCH_CODE);
for (const distribution of [queueUs, runUs, restoreUs, dirtyPages]) {
  expectType<Distribution>(distribution);
  expectType<number>(distribution.p99);
}
expectType<number>(residents.bytes);
expectType<StoreStats>(engine.stats().store);
expectType<number>(engine.workers);
expectType<readonly number[]>(engine.threadIds);
expectError(() => {
  engine.stats().calls = 0;
});

// Defining a function
expectType<Promise<FunctionHandle>>(engine.define('f', { elf: 'guest.elf' }));
expectType<Promise<FunctionHandle>>(engine.define('f', { elf: new Uint8Array() }, { timeoutMs: 5 }));
expectError(engine.define('f'));
expectError(engine.define('f', 'guest.elf'));
expectError(engine.define('f', { elf: 'guest.elf', privilege: 'root' }));
expectError(engine.define('f', { elf: 'guest.elf' }, { timeout: 5 }));
expectAssignable<Policy>({});
expectNotAssignable<Policy>({ timeoutMs: '5' });
expectNotAssignable<Policy>({ timeoutMs: undefined });
declare const policy: Policy;
expectError(() => {
  policy.timeoutMs = 5;
});

// Finding functions, and calling them by name
expectType<FunctionHandle | undefined>(engine.get('f'));
expectType<AnyHandle[]>(engine.list());
expectType<LinuxHandle | undefined>(engine.get<LinuxHandle>('f'));
expectType<Promise<void>>(engine.undefine('f'));
expectType<Promise<Uint8Array>>(engine.call('f'));
expectType<Promise<Uint8Array>>(engine.call('f', 'text', { fn: 'g', deadlineMs: 5 }));
expectError(engine.call());
expectType<Promise<JsValue>>(engine.call<JsValue>('f', { any: ['value', 5] }));
expectType<Promise<LinuxResult>>(engine.call<LinuxResult>('f', 'stdin', { args: ['a'] }));
expectError(engine.call('f', Symbol('a')));
expectError(engine.call('f', 'text', { inFlight: 5 }));

// The three kinds
expectType<Promise<FunctionHandle>>(engine.define('f', { elf: 'guest.elf' }, { warm: false }));
expectType<Promise<LinuxHandle>>(
  engine.define(
    'f',
    { linux: '/bin/busybox', args: ['sh'], env: { A: 'b' }, files: { '/a': 'b' } },
    { warm: 'stdin' },
  ),
);
expectType<Promise<JsHandle>>(engine.define('f', { js: 'export default () => 1' }, { hostFunctions: ['a'] }));
expectType<Promise<JsHandle>>(engine.define('f', { js: { file: new URL('file:///f.ts') } }));
expectError(engine.define('f', { linux: 'a', elf: 'b' }));
expectError(engine.define('f', { linux: 'a' }, { warm: true }));
expectError(engine.define('f', { linux: 'a' }, { hostFunctions: ['a'] }));
expectError(engine.define('f', { js: 'a' }, { warm: 'stdin' }));
expectError(engine.define('f', { js: 5 }));
declare const linux: LinuxHandle;
expectType<Promise<LinuxResult>>(linux.call());
expectType<Promise<LinuxResult>>(linux.call('stdin', { args: ['a'], timeoutMs: 5 }));
expectError(linux.call('stdin', { fn: 'a' }));
declare const js: JsHandle;
expectType<Promise<JsValue>>(js.call({ deep: [new Uint8Array(1), { a: null }] }, { fn: 'g' }));
expectType<Promise<JsValue>>(js.call(new Map([[1n, [new Date(), /x/, new Set([undefined])]]])));
expectType<Promise<JsValue>>(
  js.call({ error: new Error('x'), bytes: new ArrayBuffer(1), f: new Float64Array(1) }),
);
expectError(js.call(() => 5));
expectError(js.call(Symbol('x')));
expectType<Promise<JsHandle>>(engine.define('f', { js: 'export default () => 1' }, { values: 'json' }));
expectError(engine.define('f', { js: 'export default () => 1' }, { values: 'text' }));
expectError(engine.define('f', { elf: 'guest.elf' }, { values: 'json' }));
declare const thrown: GuestThrownError;
expectType<string>(thrown.thrown.stack);
expectType<JsValue>(thrown.thrown.cause);
expectType<JsValue>(thrown.thrown.properties?.['any']);
expectAssignable<GuestError>(thrown);
declare const caused: GuestError;
expectAssignable<SnapvmError>(caused);
expectError(caused.thrown);
expectAssignable<ErrorCode>('SNAPVM_GUEST_FAULT' satisfies GuestErrorCode);

// Calling it
declare const handle: FunctionHandle;
expectType<string>(handle.name);
expectType<string>(handle.hash);
expectType<boolean>(handle.loaded);
expectType<number>(handle.snapshotBytes.own + handle.snapshotBytes.shared);
expectType<CallStats>(handle.stats());
expectType<Promise<void>>(handle.undefine());
expectType<Promise<Uint8Array>>(handle.call());
expectType<Promise<Uint8Array>>(handle.call('text', { fn: 'f', signal: AbortSignal.timeout(1) }));
expectType<Promise<Uint8Array>>(handle.call(new Uint8Array()));
expectError(handle.call(5));
expectError(handle.call('text', { timeout: 5 }));
expectNotAssignable<CallOptions>({ signal: new AbortController() });
expectType<Snapshot>(handle.snapshot);
expectType<readonly string[]>(handle.functions);

// Calling it for many inputs
declare const bytes: AsyncGenerator<Uint8Array>;
expectType<AsyncGenerator<Uint8Array, void, undefined>>(handle.callMany(['a', 'b']));
expectType<AsyncGenerator<Uint8Array, void, undefined>>(handle.callMany(new Set([new Uint8Array()])));
expectType<AsyncGenerator<Uint8Array, void, undefined>>(handle.callMany(bytes, { inFlight: 5, fn: 'f' }));
expectError(handle.callMany([5]));
expectError(handle.callMany('a', 'b'));
expectError(handle.callMany(['a'], { inflight: 5 }));
expectAssignable<CallManyOptions>({ inFlight: 5, timeoutMs: 5, signal: AbortSignal.timeout(1) });
expectNotAssignable<CallOptions>({ deadlineMs: '5' });

// A handle of another kind: what it is called with, and what it gives
declare const typed: FunctionHandle<{ readonly n: number }, string>;
expectType<Promise<string>>(typed.call({ n: 1 }));
expectError(typed.call());
expectError(typed.call('text'));
expectType<AsyncGenerator<string, void, undefined>>(typed.callMany([{ n: 1 }]));

// Errors
declare const error: SnapvmError;
expectAssignable<Error>(error);
expectType<string>(error.name);
expectType<ErrorCode>(error.code);
expectType<ErrorDetails>(error.details);
expectAssignable<ErrorCode>('SNAPVM_CALL_TIMEOUT');
expectNotAssignable<ErrorCode>('SNAPVM_NO_SUCH_CODE');
expectNotAssignable<ErrorCode>('' as string);
expectAssignable<Record<ErrorCode, string>>(ERROR_CODES);
expectError(new SnapvmError('SNAPVM_NO_SUCH_CODE', 'text'));
expectAssignable<ErrorCode>('SNAPVM_ENGINE_QUEUE_FULL');
expectType<unknown>(error.cause);
expectError(() => {
  error.code = 'SNAPVM_CALL_TIMEOUT';
});
