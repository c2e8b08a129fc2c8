// Spans of requests, calls and host functions, with a provider that keeps them in memory.
import { context as contexts, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import test from 'ava';
import * as fc from 'fast-check';
import { Engine, type HostFunctions } from '../../src/index.js';
import { parseTraceparent } from '../../src/server/observe/traceparent.js';
import { Tracing, traceHostFunctions } from '../../src/server/observe/tracing.js';
import { find, register, spans, startSpan, unregister } from '../support/spans.js';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE_ID}-${SPAN_ID}-01`;

test.afterEach.always(unregister);

const REQUEST = { method: 'POST', route: '/v1/functions/:name', requestId: 'r1' };
const CALL = { tenant: 'acme', function: 'greet', version: 'f00d', fn: 'default' };

test.serial('a request is in the trace of its traceparent, and its calls are below it', (t) => {
  register();
  const request = new Tracing('1.0.0').request({ ...REQUEST, traceparent: TRACEPARENT, tracestate: 'a=1' });
  const first = request.call(CALL);
  const { fn: _, ...second } = CALL;
  const failed = request.call(second);
  first.end({ queueUs: 10, runUs: 20, dirtyPages: 3 });
  failed.end({ code: 'SNAPVM_JS_ERROR' });
  request.end(422);

  const server = find('POST /v1/functions/:name');
  t.is(server.kind, SpanKind.SERVER);
  t.like(server.parent, { traceId: TRACE_ID, spanId: SPAN_ID, isRemote: true });
  t.is(server.parent?.traceState?.get('a'), '1');
  t.deepEqual(server.attributes, {
    'http.request.method': 'POST',
    'http.route': '/v1/functions/:name',
    'http.response.status_code': 422,
    'snapvm.request_id': 'r1',
  });
  t.is(server.status.code, SpanStatusCode.UNSET);

  const calls = spans.filter(({ name }) => name === 'snapvm.call');
  t.is(calls.length, 2);
  for (const { parent } of calls) t.is(parent?.spanId, server.spanContext().spanId);
  t.deepEqual(calls[0]?.attributes, {
    'snapvm.tenant': 'acme',
    'snapvm.function': 'greet',
    'snapvm.version': 'f00d',
    'snapvm.fn': 'default',
    'snapvm.queue_us': 10,
    'snapvm.run_us': 20,
    'snapvm.dirty_pages': 3,
  });
  t.is(calls[0]?.status.code, SpanStatusCode.UNSET);
  t.is(calls[1]?.attributes['snapvm.code'], 'SNAPVM_JS_ERROR');
  t.false('snapvm.fn' in (calls[1]?.attributes ?? {}));
  t.deepEqual(calls[1]?.status, { code: SpanStatusCode.ERROR, message: 'SNAPVM_JS_ERROR' });
  for (const { ends } of spans) t.is(ends, 1);
});

test.serial('without a traceparent that is right a request begins a trace', (t) => {
  register();
  for (const traceparent of [undefined, 'nonsense', ['a', 'b']]) {
    new Tracing('1.0.0').request({ method: 'GET', route: undefined, requestId: 'r', traceparent }).end(404);
  }
  t.is(spans.length, 3);
  for (const { name, parent } of spans) t.deepEqual([name, parent], ['GET', undefined]);
});

test.serial('a request that failed, or whose client hung up, is marked', (t) => {
  register();
  const tracing = new Tracing('1.0.0');
  for (const status of [200, 404, 500, undefined]) tracing.request(REQUEST).end(status);
  const { UNSET, ERROR } = SpanStatusCode;
  t.deepEqual(
    spans.map(({ status }) => status.code),
    [UNSET, UNSET, ERROR, ERROR],
  );
});

test.serial('where Node’s HTTP server is instrumented, the request is below that span', (t) => {
  register();
  const outer = startSpan('POST', { kind: SpanKind.SERVER }, ROOT_CONTEXT);
  contexts.with(trace.setSpan(ROOT_CONTEXT, outer), () => {
    new Tracing('1.0.0').request({ ...REQUEST, traceparent: TRACEPARENT }).end(200);
  });
  const inner = find('POST /v1/functions/:name');
  t.is(inner.parent?.spanId, outer.spanContext().spanId);
  t.is(inner.kind, SpanKind.INTERNAL);
});

test.serial('a call that no request waits for begins a trace', (t) => {
  register();
  const outer = startSpan('timer');
  contexts.with(trace.setSpan(ROOT_CONTEXT, outer), () => new Tracing('1.0.0').call(CALL).end({}));
  t.is(find('snapvm.call').parent, undefined);
});

const JS = `
export default (key) => host.lookup(key);
export const now = () => host.now();
export const fails = () => host.fails().catch(() => 'failed');
export const throws = () => host.throws().catch(() => 'thrown');
export const waits = () => host.waits();
`;

async function startEngine(functions: HostFunctions) {
  const engine = await Engine.start({ workers: 1, hostFunctions: traceHostFunctions(functions) });
  const handle = await engine.define(
    'f',
    { js: JS },
    { hostFunctions: Object.keys(functions), timeoutMs: 200 },
  );
  return { engine, handle };
}

test.serial(
  'a host function is a span below its call’s, and active in it; other calls have none',
  async (t) => {
    register();
    let seen: (string | undefined)[] = [];
    const look = (): void => {
      seen.push(trace.getSpan(contexts.active())?.spanContext().spanId);
    };
    const { engine, handle } = await startEngine({
      async lookup(_input, { args: [key] }) {
        look();
        await new Promise(setImmediate);
        look();
        return { key, value: 42 };
      },
      now() {
        look();
        return 7;
      },
      async fails() {
        throw new Error('secret');
      },
      throws() {
        throw new Error('secret');
      },
      waits: (_input, { signal }) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(1))),
    });
    t.teardown(() => engine.close());
    const call = new Tracing('1.0.0').call(CALL);
    const caller = { tenant: 'acme', trace: call };

    t.deepEqual(await handle.call('a', { caller }), { key: 'a', value: 42 });
    const host = find('snapvm.host lookup');
    t.is(host.parent?.spanId, find('snapvm.call').spanContext().spanId);
    t.is(host.attributes['snapvm.host_function'], 'lookup');
    t.deepEqual(seen, [host.spanContext().spanId, host.spanContext().spanId]);

    seen = [];
    t.is(await handle.call(undefined, { caller, fn: 'now' }), 7);
    t.deepEqual(seen, [find('snapvm.host now').spanContext().spanId]);
    for (const name of ['lookup', 'now']) t.is(find(`snapvm.host ${name}`).status.code, SpanStatusCode.UNSET);

    t.is(await handle.call(undefined, { caller, fn: 'fails' }), 'failed');
    t.is(await handle.call(undefined, { caller, fn: 'throws' }), 'thrown');
    await t.throwsAsync(handle.call(undefined, { caller, fn: 'waits' }), { code: 'SNAPVM_CALL_TIMEOUT' });
    for (const name of ['fails', 'throws', 'waits']) {
      t.deepEqual(find(`snapvm.host ${name}`).status.code, SpanStatusCode.ERROR, name);
    }
    t.is(find('snapvm.host waits').status.message, 'the call ended first');
    t.false(JSON.stringify(spans.map(({ status, attributes }) => [status, attributes])).includes('secret'));

    call.end({});
    const before = spans.length;
    for (const other of [undefined, null, 'text', { trace: {} }, { trace: 'x' }]) {
      t.deepEqual(await handle.call('b', { caller: other }), { key: 'b', value: 42 });
    }
    t.is(spans.length, before);
    for (const { name, ends } of spans) t.is(ends, 1, name);
  },
);

test.serial('without an SDK nothing is recorded, and everything runs', async (t) => {
  const tracing = new Tracing('1.0.0');
  const request = tracing.request(REQUEST);
  const inTrace = tracing.request({ ...REQUEST, traceparent: TRACEPARENT });
  t.notThrows(() => inTrace.end(undefined));
  const { engine, handle } = await startEngine({ lookup: (_input, { args: [key] }) => key });
  t.teardown(() => engine.close());
  const call = request.call(CALL);
  t.is(await handle.call('a', { caller: { trace: call } }), 'a');
  t.notThrows(() => call.end({ code: 'SNAPVM_JS_ERROR', queueUs: 1 }));
  t.notThrows(() => request.end(200));
});

test('host functions keep their names, and what is none is left for the engine to refuse', async (t) => {
  const names = Object.keys(traceHostFunctions({ constructor: () => 1, toString: () => 1 } as HostFunctions));
  t.deepEqual(names, ['constructor', 'toString']);
  const wrong = { lookup: 7 } as unknown as HostFunctions;
  await t.throwsAsync(Engine.start({ hostFunctions: traceHostFunctions(wrong) }), {
    message: /hostFunctions\.lookup is 7/,
  });
});

test('a traceparent is what W3C says', (t) => {
  t.deepEqual(parseTraceparent(TRACEPARENT), {
    traceId: TRACE_ID,
    spanId: SPAN_ID,
    traceFlags: 1,
    isRemote: true,
  });
  t.is(parseTraceparent(`00-${TRACE_ID}-${SPAN_ID}-00`)?.traceFlags, 0);
  t.is(parseTraceparent(`01-${TRACE_ID}-${SPAN_ID}-01-what.comes`)?.traceId, TRACE_ID); // a later version
  t.is(parseTraceparent(TRACEPARENT, ['a=1', 'b=2'])?.traceState?.serialize(), 'a=1,b=2');
  t.is(parseTraceparent(TRACEPARENT, 'x'.repeat(10_000))?.traceState, undefined);
  for (const wrong of [
    undefined,
    '',
    [TRACEPARENT, TRACEPARENT],
    `ff-${TRACE_ID}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${SPAN_ID}-01-more`,
    `01-${TRACE_ID}-${SPAN_ID}-01more`,
    `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    TRACEPARENT.toUpperCase(),
    ` ${TRACEPARENT}`,
    `${TRACEPARENT}\n`,
    TRACEPARENT.slice(1),
    `00-${TRACE_ID}-${SPAN_ID}-0g`,
    `01-${TRACE_ID}-${SPAN_ID}-01-${'x'.repeat(1000)}`,
  ]) {
    t.is(parseTraceparent(wrong), undefined, JSON.stringify(wrong));
  }
});

test('no header breaks it', async (t) => {
  const header = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}.{0,3}$/),
  );
  await fc.assert(
    fc.property(header, fc.string(), (traceparent, tracestate) => {
      const parsed = parseTraceparent(traceparent, tracestate);
      if (parsed !== undefined) t.true(traceparent.includes(`-${parsed.traceId}-${parsed.spanId}-`));
    }),
  );
});
