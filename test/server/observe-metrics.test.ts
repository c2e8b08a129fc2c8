// What /metrics says, read as Prometheus reads it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { register } from 'prom-client';
import type { EngineStats } from '../../src/engine/engine.js';
import { Metrics } from '../../src/server/observe/metrics.js';
import { Tally } from '../../src/server/observe/tally.js';
import { PROJECT } from '../support/abi-sources.js';

const SAMPLE = /^([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/;

/** The samples by name and labels. Fails when a line is wrong, a family is split, or a sample is there twice. */
function parse(t: ExecutionContext, text: string): Map<string, number> {
  const samples = new Map<string, number>();
  const families = new Set<string>();
  let family = '';
  t.true(text.endsWith('\n'));
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const type = /^# TYPE (\S+) (?:counter|gauge|histogram)$/.exec(line);
    if (type !== null) {
      family = type[1] ?? '';
      t.false(families.has(family), family);
      families.add(family);
    }
    if (line.startsWith('#')) continue;
    const [, name = '', labels, value] = SAMPLE.exec(line) ?? [];
    t.true(name === family || name.replace(/_(bucket|sum|count)$/, '') === family, line);
    t.true(name.startsWith('snapvm_'), line);
    const key = labels === undefined || labels === '' ? name : `${name}{${labels}}`;
    t.false(samples.has(key), key);
    samples.set(key, Number(value));
    t.false(Number.isNaN(Number(value)), line);
  }
  return samples;
}

async function samplesOf(t: ExecutionContext, metrics: Metrics): Promise<Map<string, number>> {
  return parse(t, await metrics.text());
}

const AT = 'tenant="acme",function="greet"';

test('calls are counted by tenant, function and outcome, their errors by code', async (t) => {
  const metrics = new Metrics();
  const call = { tenant: 'acme', function: 'greet', durationUs: 250, queueUs: 30, dirtyPages: 3 };
  metrics.callEnded(call);
  metrics.callEnded(call);
  metrics.callEnded({ ...call, code: 'SNAPVM_JS_ERROR' });
  metrics.callEnded({ ...call, code: 'SNAPVM_CALL_TIMEOUT' });
  metrics.callEnded({ ...call, code: 'SNAPVM_ENGINE_QUEUE_FULL', queueUs: undefined, dirtyPages: undefined });
  metrics.callEnded({ ...call, code: 'constructor' });
  metrics.callEnded({ ...call, tenant: 'globex' });
  const samples = await samplesOf(t, metrics);
  const expect = (name: string, value: number): void => {
    t.is(samples.get(name), value, name);
  };
  expect(`snapvm_calls_total{${AT},outcome="ok"}`, 2);
  expect(`snapvm_calls_total{${AT},outcome="function"}`, 2);
  expect(`snapvm_calls_total{${AT},outcome="service"}`, 2);
  expect('snapvm_calls_total{tenant="globex",function="greet",outcome="ok"}', 1);
  expect(`snapvm_errors_total{${AT},code="SNAPVM_JS_ERROR"}`, 1);
  expect(`snapvm_errors_total{${AT},code="SNAPVM_CALL_TIMEOUT"}`, 1);
  expect(`snapvm_errors_total{${AT},code="SNAPVM_ENGINE_QUEUE_FULL"}`, 1);
  expect(`snapvm_errors_total{${AT},code="SNAPVM_INTERNAL"}`, 1);
  expect(`snapvm_duration_seconds_bucket{le="0.0002",${AT}}`, 0);
  expect(`snapvm_duration_seconds_bucket{le="0.0005",${AT}}`, 6);
  expect(`snapvm_duration_seconds_bucket{le="+Inf",${AT}}`, 6);
  expect(`snapvm_duration_seconds_sum{${AT}}`, 0.0015);
  expect(`snapvm_duration_seconds_count{${AT}}`, 6);
  expect('snapvm_queue_seconds_count{tenant="acme"}', 5);
  expect('snapvm_queue_seconds_bucket{le="0.00002",tenant="acme"}', 0);
  expect('snapvm_queue_seconds_bucket{le="0.00005",tenant="acme"}', 5);
  expect(`snapvm_dirty_pages_bucket{le="1",${AT}}`, 0);
  expect(`snapvm_dirty_pages_bucket{le="4",${AT}}`, 5);
  expect(`snapvm_dirty_pages_sum{${AT}}`, 15);
});

test('a histogram says of each bound how many values do not exceed it', async (t) => {
  const values = fc.array(fc.oneof(fc.nat(100), fc.double({ min: 0, max: 100, noNaN: true })));
  const bounds = fc.uniqueArray(fc.integer({ min: 0, max: 90 }), { minLength: 1, maxLength: 20 });
  await fc.assert(
    fc.property(values, bounds, (all, unsorted) => {
      const sorted = [...unsorted].sort((a, b) => a - b);
      const tally = new Tally(sorted);
      for (const value of all) tally.record(value);
      const lines = tally.text('x', 'l="v"', 1).split('\n');
      for (const [at, bound] of sorted.entries()) {
        const count = all.filter((value) => value <= bound).length;
        t.is(lines[at], `x_bucket{le="${bound}",l="v"} ${count}`);
      }
      t.is(lines[sorted.length], `x_bucket{le="+Inf",l="v"} ${all.length}`);
      t.is(lines.at(-2), `x_count{l="v"} ${all.length}`);
    }),
  );
});

test('a thousand functions of a tenant have series of their own, the others one, and no other tenant notices', async (t) => {
  const metrics = new Metrics();
  const end = (tenant: string, name: string): void =>
    metrics.callEnded({ tenant, function: name, durationUs: 1 });
  for (let i = 0; i < 1200; i++) end('flood', `f${i}`);
  end('flood', 'other'); // a function may have that name
  end('quiet', 'greet');
  let samples = await samplesOf(t, metrics);
  const ok = (tenant: string, name: string): number | undefined =>
    samples.get(`snapvm_calls_total{tenant="${tenant}",function="${name}",outcome="ok"}`);
  t.is(ok('flood', 'f999'), 1);
  t.is(ok('flood', 'f1000'), undefined);
  t.is(ok('flood', '(other)'), 201);
  t.is(ok('quiet', 'greet'), 1);

  metrics.functionRemoved('flood', 'f0');
  metrics.functionRemoved('flood', 'f0');
  metrics.functionRemoved('nobody', 'f0');
  end('flood', 'new');
  end('flood', 'newer');
  samples = await samplesOf(t, metrics);
  t.is(ok('flood', 'f0'), undefined);
  t.is(ok('flood', 'new'), 1);
  t.is(ok('flood', 'newer'), undefined);
  t.is(ok('flood', '(other)'), 202);
});

test('of all tenants together five thousand functions have series', async (t) => {
  const metrics = new Metrics();
  for (let tenant = 0; tenant < 7; tenant++) {
    for (let i = 0; i < 900; i++)
      metrics.callEnded({ tenant: `t${tenant}`, function: `f${i}`, durationUs: 1 });
  }
  let samples = await samplesOf(t, metrics);
  const counts = [...samples.keys()].filter((name) => name.startsWith('snapvm_duration_seconds_count'));
  t.is(counts.filter((name) => !name.includes('(other)')).length, 5000);
  t.is(counts.filter((name) => name.includes('(other)')).length, 2);

  metrics.functionRemoved('t0', 'f0');
  metrics.callEnded({ tenant: 't6', function: 'new', durationUs: 1 });
  samples = await samplesOf(t, metrics);
  t.is(samples.get('snapvm_duration_seconds_count{tenant="t6",function="new"}'), 1);
});

test('names are written so that they can be read back', async (t) => {
  const metrics = new Metrics();
  for (const name of ['__proto__', 'constructor', 'a"b', 'a\\b', 'a\nb', 'a"} 1\nsnapvm_x 1']) {
    metrics.callEnded({ tenant: name, function: name, durationUs: 1 });
  }
  const samples = await samplesOf(t, metrics);
  t.is(samples.get('snapvm_calls_total{tenant="__proto__",function="__proto__",outcome="ok"}'), 1);
  t.is(samples.get('snapvm_calls_total{tenant="a\\"b",function="a\\"b",outcome="ok"}'), 1);
  t.false(samples.has('snapvm_x'));
});

test('requests are counted by method, route and status, and no path or method of a stranger makes a series', async (t) => {
  const metrics = new Metrics();
  const route = '/v1/functions/:name';
  for (const status of [200, 200, 404]) metrics.requestEnded({ method: 'POST', route, status });
  for (let i = 0; i < 100; i++) metrics.requestEnded({ method: `M${i}`, route: undefined, status: 1000 + i });
  for (let i = 0; i < 5000; i++) metrics.requestEnded({ method: 'GET', route: `/${i}`, status: 200 });
  const samples = await samplesOf(t, metrics);
  const count = (labels: string): number | undefined => samples.get(`snapvm_http_requests_total{${labels}}`);
  t.is(count(`method="POST",route="${route}",status="200"`), 2);
  t.is(count(`method="POST",route="${route}",status="404"`), 1);
  t.is(count('method="other",route="none",status="other"'), 100);
  t.is(count('method="GET",route="/0",status="200"'), 1);
  t.is(count('method="other",route="other",status="other"'), 5000 - (2000 - 3));
  t.true([...samples.keys()].filter((name) => name.startsWith('snapvm_http_requests_total')).length <= 2001);
});

test('a counter goes on from scrape to scrape', async (t) => {
  const metrics = new Metrics();
  metrics.batchEnded('acme', 10);
  metrics.quotaRefused('acme', 'concurrent');
  t.is((await samplesOf(t, metrics)).get('snapvm_batch_inputs_total{tenant="acme"}'), 10);
  metrics.batchEnded('acme', 5);
  metrics.quotaRefused('acme', 'concurrent');
  metrics.asyncQueue(7);
  const samples = await samplesOf(t, metrics);
  t.is(samples.get('snapvm_batch_inputs_total{tenant="acme"}'), 15);
  t.is(samples.get('snapvm_batches_total{tenant="acme"}'), 2);
  t.is(samples.get('snapvm_quota_refusals_total{tenant="acme",quota="concurrent"}'), 2);
  t.is(samples.get('snapvm_async_calls_queued'), 7);
});

const NONE = { count: 0, min: 0, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 };

function stats(factor: number): EngineStats {
  return {
    calls: 0,
    errors: {},
    queueUs: NONE,
    runUs: NONE,
    restoreUs: NONE,
    dirtyPages: NONE,
    restores: 1 * factor,
    hostCalls: 2 * factor,
    workers: 3 * factor,
    workersReplaced: 4 * factor,
    waiting: 5 * factor,
    pending: 6 * factor,
    residents: { sandboxes: 7 * factor, bytes: 8 * factor },
    store: { loaded: 9 * factor, saved: 10 * factor, refused: 11 * factor, unsaved: 12 * factor },
  };
}

test('what the engine says of itself is what it said last', async (t) => {
  const metrics = new Metrics();
  for (const factor of [1, 10]) {
    metrics.collect(stats(factor));
    const samples = await samplesOf(t, metrics);
    const values = [
      'snapvm_restores_total',
      'snapvm_host_calls_total',
      'snapvm_workers',
      'snapvm_workers_replaced_total',
      'snapvm_calls_waiting',
      'snapvm_calls_pending',
      'snapvm_sandboxes',
      'snapvm_sandbox_bytes',
      ...['loaded', 'saved', 'refused', 'unsaved'].map(
        (event) => `snapvm_store_snapshots_total{event="${event}"}`,
      ),
    ].map((name) => samples.get(name));
    t.deepEqual(
      values,
      Array.from({ length: 12 }, (_, i) => (i + 1) * factor),
    );
  }
});

test('two servers of a process do not mix, and the global registry stays empty', async (t) => {
  const [one, two] = [new Metrics(), new Metrics()];
  one.callEnded({ tenant: 'acme', function: 'greet', durationUs: 1 });
  t.true((await one.text()).includes('greet'));
  t.false((await two.text()).includes('greet'));
  t.is(await register.metrics(), '\n');
  t.regex(one.contentType, /^text\/plain; version=0\.0\.4/);
});

test('calls that end while the text is written are in the next one', async (t) => {
  const metrics = new Metrics();
  for (let i = 0; i < 500; i++) metrics.callEnded({ tenant: 'acme', function: `f${i}`, durationUs: 1 });
  const writing = metrics.text();
  t.is(metrics.text(), writing); // whoever asks meanwhile
  let ended = 0;
  const ending = (async () => {
    for (; ended < 200; ended++) {
      metrics.callEnded({ tenant: 'acme', function: `g${ended}`, durationUs: 1 });
      await new Promise(setImmediate);
    }
  })();
  parse(t, await writing);
  await ending;
  const samples = await samplesOf(t, metrics);
  t.is(samples.get('snapvm_duration_seconds_count{tenant="acme",function="g199"}'), 1);
});

test('docs/server-operations.md lists each metric, with its type and labels', async (t) => {
  const metrics = new Metrics();
  metrics.callEnded({
    tenant: 'a',
    function: 'f',
    code: 'SNAPVM_JS_ERROR',
    durationUs: 1,
    queueUs: 1,
    dirtyPages: 1,
  });
  metrics.batchEnded('a', 1);
  metrics.quotaRefused('a', 'concurrent');
  metrics.requestEnded({ method: 'GET', route: '/', status: 200 });
  metrics.collect(stats(1));
  const text = await metrics.text();
  const there = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => {
    const sample = new RegExp(`^${name}(?:_count)?(?:\\{(.*)\\})? `, 'm').exec(text)?.[1] ?? '';
    const labels = [...sample.matchAll(/([a-z]+)="/g)].map(([, label]) => label);
    return [name, type, ...labels].join(' ');
  });
  const page = readFileSync(join(PROJECT, 'docs/server-operations.md'), 'utf8');
  const listed = [...page.matchAll(/^\| `(snapvm_\w+)` \| (\w+)(?:: ([^|]+))? \|/gm)].map(
    ([, name = '', type = '', labels = '']) =>
      [name, type, ...[...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label)].join(' '),
  );
  t.deepEqual(listed.sort(), there.sort());
});
