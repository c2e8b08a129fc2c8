// What a call may bring beside its input: a logger, an ear for its cost, and on whose behalf it is made.
import test from 'ava';
import type { CallCosts, HostCallContext, Logger } from '../../src/index.js';
import { codeOf, startEngine } from '../support/engine.js';

const SOURCE = `export default async (x) => { console.log('line ' + x); return await host.who(x); };
export const boom = () => { console.warn('before'); throw new Error('boom'); };
export const spin = () => { for (;;); };`;

function logger(): { readonly lines: string[]; readonly logger: Logger } {
  const lines: string[] = [];
  const add = (_fields: object, text: string): void => void lines.push(text);
  return { lines, logger: { error: add, warn: add, info: add, debug: add, trace: add } };
}

test('the lines of a call go to its own logger, and those of other calls to the one of the engine', async (t) => {
  const [common, own] = [logger(), logger()];
  const engine = await startEngine(t, {
    workers: 1,
    logger: common.logger,
    hostFunctions: { who: () => Promise.reject(new Error('no')) },
  });
  const f = await engine.define('f', { js: SOURCE }, { hostFunctions: ['who'] });
  t.is(await codeOf(f.call('a', { logger: own.logger })), 'SNAPVM_JS_ERROR');
  t.is(await codeOf(f.call('b')), 'SNAPVM_JS_ERROR');
  t.is(await codeOf(f.call(undefined, { fn: 'boom', logger: own.logger })), 'SNAPVM_JS_ERROR');
  t.deepEqual(own.lines.toSorted(), ['before', 'line a', 'the host function failed']);
  t.deepEqual(common.lines.toSorted(), ['line b', 'the host function failed']);
});

test('a logger of a call needs an engine that keeps lines', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const f = await engine.define('f', { js: SOURCE });
  const error = await t.throwsAsync(f.call(1, { logger: logger().logger }), { code: 'SNAPVM_CONFIG_VALUE' });
  t.regex(error?.message ?? '', /logger .*the engine was started without a logger/);
  t.is(await codeOf(f.call(1, { logger: {} as Logger })), 'SNAPVM_CONFIG_VALUE');
  t.is(await codeOf(f.call(1, { onCost: 5 as unknown as () => void })), 'SNAPVM_CONFIG_VALUE');
});

test('the cost of each call is told once, before it ends, however it ends', async (t) => {
  const engine = await startEngine(t, { workers: 2, hostFunctions: { who: (_bytes, { args }) => args[0] } });
  const f = await engine.define('f', { js: SOURCE }, { hostFunctions: ['who'] });
  const costs = new Map<string, CallCosts[]>();
  const call = async (name: string, options: object): Promise<void> => {
    const told: CallCosts[] = [];
    costs.set(name, told);
    await f.call(name, { ...options, onCost: (cost) => told.push(cost) }).catch(() => {});
    t.is(told.length, 1, name);
  };
  await Promise.all([
    call('ok', {}),
    call('thrown', { fn: 'boom' }),
    call('stopped', { fn: 'spin', timeoutMs: 20 }),
  ]);
  for (const [name, [cost]] of costs) {
    t.true((cost?.startedUs ?? 0) > 0 && (cost?.runUs ?? -1) >= 0, name);
    t.true((cost?.queueUs ?? -1) >= 0, name);
  }
  t.true((costs.get('stopped')?.[0]?.runUs ?? 0) >= 20_000);
  const never: CallCosts[] = [];
  const options = { signal: AbortSignal.abort(), onCost: (cost: CallCosts) => never.push(cost) };
  t.is(await codeOf(f.call('x', options)), 'SNAPVM_CALL_ABORTED');
  t.deepEqual(never, []);
});

test('host functions are told on whose behalf a call is made', async (t) => {
  const callers: HostCallContext['caller'][] = [];
  const who = (_bytes: Uint8Array, { caller, args }: HostCallContext) => {
    callers.push(caller);
    return args[0];
  };
  const engine = await startEngine(t, { workers: 1, hostFunctions: { who } });
  const f = await engine.define('f', { js: SOURCE }, { hostFunctions: ['who'] });
  const tenant = { tenant: 'a' };
  await f.call(1, { caller: tenant });
  await f.call(2);
  t.is(callers[0], tenant);
  t.is(callers[1], undefined);
});
