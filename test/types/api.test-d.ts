// What the types of the public API promise: valid uses compile, and these mistakes do not.
import {
  type CallOptions,
  Engine,
  type EngineOptions,
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetails,
  type FunctionHandle,
  type Policy,
  type Snapshot,
  SnapvmError,
} from 'snapvm';
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';

// Starting an engine
expectType<Promise<Engine>>(Engine.start());
expectType<Promise<Engine>>(Engine.start({ workers: 2, logger: console }));
expectError(Engine.start({ workers: '2' }));
expectError(Engine.start({ threads: 2 }));
expectNotAssignable<new (...args: never) => unknown>(Engine);
expectNotAssignable<EngineOptions>({ logger: { error() {} } });
declare const engine: Engine;
expectAssignable<AsyncDisposable>(engine);
expectType<Promise<void>>(engine.close());

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

// Calling it
declare const handle: FunctionHandle;
expectType<Promise<Uint8Array>>(handle.call());
expectType<Promise<Uint8Array>>(handle.call('text', { fn: 'f', signal: AbortSignal.timeout(1) }));
expectType<Promise<Uint8Array>>(handle.call(new Uint8Array()));
expectError(handle.call(5));
expectError(handle.call('text', { timeout: 5 }));
expectNotAssignable<CallOptions>({ signal: new AbortController() });
expectType<Snapshot>(handle.snapshot);
expectType<readonly string[]>(handle.functions);

// Errors
declare const error: SnapvmError;
expectAssignable<Error>(error);
expectType<'SnapvmError'>(error.name);
expectType<ErrorCode>(error.code);
expectType<ErrorDetails>(error.details);
expectAssignable<ErrorCode>('SNAPVM_CALL_TIMEOUT');
expectNotAssignable<ErrorCode>('SNAPVM_NO_SUCH_CODE');
expectNotAssignable<ErrorCode>('' as string);
expectAssignable<Record<ErrorCode, string>>(ERROR_CODES);
expectError(new SnapvmError('SNAPVM_NO_SUCH_CODE', 'text'));
