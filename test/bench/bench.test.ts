// The benchmark's harness: what it prints, what it refuses, and how it makes one number of many.
import { execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { chosen } from '../../bench/harness/choose.js';
import { measureApart, measureAsync, measureSync } from '../../bench/harness/measure.js';
import { ratios } from '../../bench/harness/ratios.js';
import { show } from '../../bench/harness/report.js';
import { type Measured, type SuiteResult, spread } from '../../bench/harness/run.js';
import { Skip, type Suite } from '../../bench/harness/suite.js';
import { SUITES } from '../../bench/suites/index.js';

const BENCH = fileURLToPath(new URL('../../bench/main.js', import.meta.url));
const CHILD = fileURLToPath(new URL('../../bench/harness/child.js', import.meta.url));
const run = promisify(execFile);

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

async function bench(...args: string[]): Promise<Ended> {
  try {
    return { code: 0, ...(await run(process.execPath, [BENCH, ...args])) };
  } catch (error) {
    return error as Ended;
  }
}

test('a suite that was chosen is measured, and nothing else', async (t) => {
  const { code, stdout, stderr } = await bench('--quick', '--json', '--suite', 'hash');
  t.is(code, 0, stderr);
  const { suites, ratios: made, machine } = JSON.parse(stdout);
  t.deepEqual(Object.keys(suites), ['hash']);
  t.true(suites.hash.best.mib_per_s.median > suites.hash.javascript.mib_per_s.median);
  t.deepEqual(made, {});
  t.is(machine.node, process.version);
});

test('tables for people', async (t) => {
  const { code, stdout, stderr } = await bench('--quick', '--suite', 'hash');
  t.is(code, 0, stderr);
  t.regex(stdout, /^hash: BLAKE3/m);
  t.regex(stdout, /^ {2}best +[\d,]+ +[\d,]+–[\d,]+$/m);
});

test('a suite that does not exist is refused with those that do', async (t) => {
  const { code, stdout, stderr } = await bench('--suite', 'trhoughput');
  t.is(code, 1);
  t.is(stdout, '');
  t.regex(stderr, /^bench: there is no suite trhoughput; there are call, .*throughput/);
  t.is((await bench('--fast')).code, 1);
  const { stdout: help } = await bench('--help');
  for (const { name } of SUITES) t.true(help.includes(`\n  ${name} `), name);
});

test('suites are chosen by name, or by how their names begin', (t) => {
  const names = (...given: string[]): string[] => chosen(SUITES, given).map(({ name }) => name);
  t.deepEqual(names('call'), ['call']);
  t.deepEqual(names('call_with_restore'), ['call_with_restore_pages', 'call_with_restore_image']);
  t.deepEqual(names('memory', 'call', 'call'), ['call', 'memory'], 'in the order in which they are run');
  t.is(chosen(SUITES, undefined).length, SUITES.length);
  t.throws(() => names('cal'), { message: /^there is no suite cal; there are call, / });
});

test('names are unique, and a quick run makes every ratio', (t) => {
  t.is(new Set(SUITES.map(({ name }) => name)).size, SUITES.length);
  for (const suite of SUITES) {
    const names = suite.variants().map(({ name }) => name);
    t.is(new Set(names).size, names.length, suite.name);
  }
  const fake = new Map(SUITES.map((suite) => [suite.name, fakeResult(suite)]));
  t.deepEqual(Object.keys(ratios(fake)), [
    'inThread',
    'processInThread',
    'imageSize',
    'latencyOverFloorUs',
    'throughput',
    'manyFunctions',
    'shellCreate',
    'jsVsQuickjs',
    'jsVsIsolatedVm',
    'residentOverheadBytes',
    'jsToNative',
    'jsCompute',
    'jsPackages',
    'tenantBytes',
    'firstTouch',
    'defineColdMs',
    'defineStoredMs',
    'victimTail',
    'eventLoopMs',
    'httpNative',
    'httpJs',
    'httpLatencyOverUs',
    'noisyNeighbour',
    'latenessMs',
  ]);
});

/** As if each quick variant of a suite had measured the same. */
function fakeResult(suite: Suite): SuiteResult {
  const figures = {
    p10_us: 1,
    p50_us: 2,
    calls_per_s: 3,
    process_bytes: 4,
    private_bytes: 1,
    tail: 1,
    event_loop_ms: 5,
    over_native: 2,
    over_node: 2,
    working: 9,
    packages: 10,
    late_ms: 1,
  };
  const measured = fakeMeasured([figures, figures, figures]);
  const quick = suite.variants().filter(({ slow }) => !slow);
  return { suite, variants: new Map(quick.map(({ name }) => [name, measured])) };
}

function fakeMeasured(rounds: readonly Record<string, number>[]): Measured {
  const names = Object.keys(rounds[0] ?? {});
  const floor = {
    threads: 1,
    pages: 1,
    runs: 1,
    create_us: 1,
    exit_us: 1,
    restore_us: 1,
    invoke_us: 1,
    invokes_per_s: 1,
  };
  return {
    figures: Object.fromEntries(names.map((name) => [name, spread(rounds.map((r) => r[name] ?? 0))])),
    ratio: spread([1]),
    floor,
    rounds,
    floors: rounds.map(() => floor),
  };
}

test('a ratio is of neighbouring rounds, so that drift cancels', (t) => {
  const suite = SUITES.find(({ name }) => name === 'many_functions') as Suite;
  // The machine gets slower by the round: medians apart would say 200 over 100.
  const variants = new Map([
    ['1 round robin', fakeMeasured([{ calls_per_s: 400 }, { calls_per_s: 200 }, { calls_per_s: 100 }])],
    ['100 round robin', fakeMeasured([{ calls_per_s: 360 }, { calls_per_s: 180 }, { calls_per_s: 90 }])],
  ]);
  t.deepEqual(ratios(new Map([['many_functions', { suite, variants }]])), { manyFunctions: 0.9 });
  const missing = new Map([['1 round robin', { skipped: 'not here' }]]);
  t.deepEqual(ratios(new Map([['many_functions', { suite, variants: missing }]])), {});
});

test('a process whose variant cannot be measured says so and ends', async (t) => {
  const child = fork(CHILD, ['peers', 'json, fresh: snapvm, native'], { execArgv: [] });
  const [answer] = await once(child, 'message');
  t.like(answer, { kind: 'skipped' });
  t.regex(answer.reason, /JSON/);
  const [code] = await once(child, 'exit');
  t.is(code, 1);
  const unknown = fork(CHILD, ['peers', 'nobody'], { execArgv: [] });
  t.like((await once(unknown, 'message'))[0], { kind: 'failed', reason: 'there is no peers/nobody' });
  await once(unknown, 'exit');
});

test('what is measured is measured at least three times, whatever it takes', async (t) => {
  let calls = 0;
  const count = (): void => void calls++;
  measureSync(0, count);
  t.is(calls, 3);
  await measureAsync(0, count, 2);
  t.true(calls >= 6);
  const slow = await measureApart(
    0,
    () => new Promise((resolve) => setTimeout(resolve, 20)),
    () => {},
  );
  t.true((slow['p50_us'] ?? Number.NaN) < 10_000, 'what is not timed does not count');
});

test('numbers are shown with the digits that mean something', (t) => {
  t.deepEqual([0.92345, 12.345, 999.4, 58_508.2, undefined, Number.NaN].map(show), [
    '0.923',
    '12.3',
    '999',
    '58,508',
    '',
    '',
  ]);
  t.true(new Skip('why') instanceof Error);
});
