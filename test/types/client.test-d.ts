// What the types of the client promise: valid uses compile, and these mistakes do not.
import { expectAssignable, expectError, expectNotAssignable, expectType } from 'tsd';
import {
  type AsyncCall,
  type BatchAnswer,
  type CallInfo,
  type Deployed,
  type FunctionSource,
  type FunctionSummary,
  type LogLine,
  type MemoryMap,
  type ProgramEvent,
  SnapvmClient,
  SnapvmRequestError,
} from '../../dist/src/client/index.js';

const client = new SnapvmClient({ url: new URL('http://127.0.0.1:8080'), token: undefined });

expectType<Promise<unknown>>(client.call('f', { any: ['value'] }));
expectType<Promise<{ readonly total: number }>>(client.call<{ readonly total: number }>('f'));
expectType<Promise<CallInfo<string>>>(client.callWithInfo<string>('f', new Uint8Array(), { version: 3 }));
expectType<Promise<BatchAnswer<number>[]>>(client.batch<number>('f', [1, 2]));
expectType<Promise<AsyncCall<number>>>(client.waitForCall<number>('id', { pollMs: 10 }));
expectType<Promise<Deployed>>(client.deploy('f', { ts: 'export default 1' }, { policy: { timeoutMs: 50 } }));
expectType<AsyncGenerator<FunctionSummary, void, undefined>>(client.list({ pageSize: 10 }));

type Items<T> = AsyncIterableIterator<T, void, undefined>;
expectType<Items<ProgramEvent>>(client.stream('f', 'input', { args: ['-x'], deadlineMs: 50 }));
expectType<Items<LogLine>>(client.logs('f', { follow: true, limit: 10 }));
expectType<Items<BatchAnswer<number>>>(client.batchStream<number>('f', new Set([1]), { pageSize: 10 }));
expectType<Items<BatchAnswer<unknown>>>(client.batchStream('f', client.list()));
expectType<Promise<MemoryMap>>(client.memory('f', { version: 3 }));

expectAssignable<FunctionSource>('export default () => 1');
expectAssignable<FunctionSource>({ linux: new Uint8Array(), args: ['-x'], files: { '/a': 'text' } });
expectNotAssignable<FunctionSource>({ linux: 'a path' });

expectError(client.call('f', 1, { timeout: 50 }));
expectError(client.callAsync('f', 1, { deadlineMs: 50 }));
expectError(client.deploy('f', 'text', { timeoutMs: 50 }));
expectError(client.stream('f', { a: 1 }));
expectError(client.logs('f', { last: 10 }));
expectError(client.batchStream('f', 3));
expectError(client.split('f', 'live', [{ version: 1 }]));

const error = new SnapvmRequestError('SNAPVM_SERVER_QUOTA', 'too many');
expectType<string>(error.code);
expectType<number | undefined>(error.retryAfterSeconds);
expectType<boolean>(error.isFunctionError);

const [answer] = await client.batch<number>('f', [1]);
if (answer?.ok === true) expectType<number>(answer.result);
else if (answer !== undefined) expectType<SnapvmRequestError>(answer.error);

for await (const event of client.stream('f')) {
  if (event.type === 'end') expectType<number>(event.exitCode);
  else expectType<Uint8Array>(event.bytes);
}
