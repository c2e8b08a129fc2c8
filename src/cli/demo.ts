/** `snapvm demo`: what snapvm promises, shown and checked. */
import type { Backend } from '../base/backend-name.js';
import type { Engine } from '../engine/engine.js';
import { defineCommand } from './arguments.js';
import { BACKEND_FLAG, backendOption } from './backend-flag.js';
import {
  askHost,
  type Contained,
  type Counted,
  callMany,
  callScript,
  countWords,
  crash,
  endlessLoop,
  HOST_FUNCTIONS,
  LOOP_LIMIT_MS,
  type ManyCalls,
  readStats,
  type ScriptCalls,
} from './demo-proofs.js';
import { exampleGuest } from './examples.js';
import { heading } from './help.js';
import { duration, oneLine, paint, print, printJson, rounded, thousands } from './output.js';
import { withEngine } from './session.js';

const DEFAULT_CALLS = 10_000;
const MAX_CALLS = 10_000_000;
const IN_FLIGHT = 64;
/** Calls that are measured one after the other, so that none waits for others. */
const SINGLE_CALLS = 1000;
const DEFAULT_WORKERS = 2;
const MAX_WORKERS = 256;
const TEXT = 'Every call starts from known bytes\nand leaves nothing behind.\n';

/** What the guests of a backend are kept in. */
const WALLS: Readonly<Record<Backend, string>> = {
  kvm: 'guests in virtual machines',
  process: 'guests in processes under seccomp',
};

const FLAGS = {
  calls: { value: 'n', help: `How often to call the counter (default ${thousands(DEFAULT_CALLS)})` },
  workers: { value: 'n', help: `Worker threads (default ${DEFAULT_WORKERS})` },
  ...BACKEND_FLAG,
  json: { help: 'Print one JSON object' },
} as const;

export const demoCommand = defineCommand({
  name: 'demo',
  summary:
    'Calls a C guest ten thousand times from fresh state, contains a crash and an endless loop, runs JavaScript.',
  positionals: [],
  flags: FLAGS,
  notes: `Every step is checked; the exit code is 1 if one does not prove its point.

${heading('Examples')}
  snapvm demo
  snapvm demo --calls 100000 --json | jq .calls.callsPerSecond`,
  run: async (args) => {
    const calls = args.whole('calls', 1, MAX_CALLS) ?? DEFAULT_CALLS;
    const workers = args.whole('workers', 1, MAX_WORKERS) ?? DEFAULT_WORKERS;
    const show = args.has('json') ? async () => {} : print;
    const started = performance.now();
    const options = { ...backendOption(args), workers, hostFunctions: HOST_FUNCTIONS };
    const { backend, results } = await withEngine(options, async (engine) => {
      await show(`${paint('bold', 'snapvm demo')}: untrusted functions, fresh state for every call\n\n`);
      const begun = `engine started with ${workers} workers on ${engine.backend}: ${WALLS[engine.backend]}`;
      await show(step(true, begun, performance.now() - started));
      return { backend: engine.backend, results: await runSteps(engine, calls, show) };
    });
    const ok = Object.values(results).every(({ proved }) => proved);
    const ms = rounded(performance.now() - started);
    if (args.has('json')) await printJson({ ok, backend, workers, ...results, ms });
    await show(`\n${verdict(ok)} in ${duration(ms)}\n`);
    return ok ? 0 : 1;
  },
});

type Show = (text: string) => Promise<void>;

async function runSteps(engine: Engine, count: number, show: Show) {
  const began = performance.now();
  const counter = await engine.define('counter', { elf: exampleGuest('counter.elf') });
  const hash = counter.hash.slice(0, 16);
  await show(
    step(true, `counter.elf built, initialised and frozen: hash ${hash}…`, performance.now() - began),
  );

  const progress = progressOf(count);
  const calls = await callMany(counter, { calls: count, inFlight: IN_FLIGHT }, progress.tick).finally(
    progress.clear,
  );
  await show(callLines(calls));
  const alone = { calls: Math.min(count, SINGLE_CALLS), inFlight: 1 };
  const single = await callMany(counter, alone, () => {});
  await show(callLines(single));
  await show(freshLine([calls, single]));

  const guest = await engine.define('crash', { elf: exampleGuest('crash.elf') });
  const crashed = await crash(guest);
  await show(containedLines(crashed, 'a write to address 0'));
  const loop = await endlessLoop(guest);
  await show(containedLines(loop, `an endless loop, limited to ${LOOP_LIMIT_MS} ms`));

  const words = await countWords(engine, TEXT);
  const counted = `${words.lines} lines, ${words.words} words, ${words.bytes} bytes`;
  await show(step(words.proved, `wordcount.elf counts ${counted} in ${JSON.stringify(words.text)}`));

  const host = await askHost(engine);
  const asked = `a guest asked the host, and got ${JSON.stringify(oneLine(host.answer))}`;
  await show(step(host.proved, `${asked}; a function it may not call: ${JSON.stringify(host.refused)}`));

  const script = await callScript(engine);
  await show(scriptLines(script));

  // Two calls each to contain a crash and a loop, one to count words, three to ask the host; a script's, and one that
  // threw.
  const stats = readStats(engine, calls.calls + single.calls + 2 * 2 + 1 + 3 + script.calls + 1);
  await show(statsLines(stats));
  return { calls, single, crash: crashed, loop, words, host, script, stats };
}

function scriptLines({ proved, calls, answer, thrown, p50Ms }: ScriptCalls): string {
  const what = `JavaScript answered ${JSON.stringify(answer)} in ${thousands(calls)} calls that each asked the host`;
  return `${step(proved, `${what}, p50 ${duration(p50Ms)}`)}${detail(`what one threw: ${thrown}`)}`;
}

function statsLines(stats: Counted): string {
  const { calls, failed, restores, runUsP50, queueUsP50, sandboxes, residentBytes } = stats;
  const sums = `${thousands(calls)} calls, ${failed} failed, ${thousands(restores)} restores`;
  const times = `median ${runUsP50} us in the guest, ${queueUsP50} us before it`;
  const held = `${sandboxes} sandboxes with ${(residentBytes / 2 ** 20).toFixed(1)} MiB`;
  return `${step(stats.proved, `engine.stats(): ${sums}`)}${detail(`${times}; ${held}`)}`;
}

function callLines({ calls, inFlight, callsPerSecond, p50Ms, p99Ms, ms }: ManyCalls): string {
  const how = inFlight === 1 ? 'one at a time' : `${inFlight} in flight`;
  const rate = paint('bold', `${thousands(callsPerSecond)} calls/s`);
  const times = `p50 ${duration(p50Ms)}, p99 ${duration(p99Ms)}`;
  return step(true, `${thousands(calls)} calls, ${how}: ${rate}, ${times}`, ms);
}

function freshLine(runs: readonly ManyCalls[]): string {
  const sum = (field: 'calls' | 'fresh'): string => thousands(runs.reduce((all, run) => all + run[field], 0));
  const wrong = runs.find((run) => run.wrong !== undefined)?.wrong;
  const odd = wrong === undefined ? '' : `; another answer was ${JSON.stringify(oneLine(wrong))}`;
  const proved = runs.every((run) => run.proved);
  return step(
    proved,
    `fresh state: the counter answered 1 in ${sum('fresh')} of ${sum('calls')} calls${odd}`,
  );
}

function containedLines({ proved, code, message, ms, next }: Contained, what: string): string {
  return `${step(proved, `contained: ${what}`, ms)}${detail(`${code}: ${message}`)}${detail(
    `the next call of the same guest answered ${JSON.stringify(oneLine(next))}`,
  )}`;
}

function step(proved: boolean, text: string, ms?: number): string {
  const mark = proved ? paint('green', 'ok    ') : paint('red', 'FAILED');
  return `${mark}  ${text}${ms === undefined ? '' : paint('dim', ` (${duration(ms)})`)}\n`;
}

function detail(text: string): string {
  return `        ${paint('dim', oneLine(text))}\n`;
}

function verdict(ok: boolean): string {
  return ok ? paint('green', 'everything held') : paint('red', 'something did not hold');
}

interface Progress {
  readonly tick: (done: number) => void;
  readonly clear: () => void;
}

const PROGRESS_EVERY_MS = 100;

/** A line on the terminal that counts up; nothing when stderr is no terminal. */
function progressOf(calls: number): Progress {
  if (process.stderr.isTTY !== true) return { tick: () => {}, clear: () => {} };
  let shown = performance.now();
  return {
    tick: (done) => {
      const now = performance.now();
      if (now - shown < PROGRESS_EVERY_MS) return;
      shown = now;
      process.stderr.write(`\r        ${thousands(done)} of ${thousands(calls)} calls`);
    },
    clear: () => process.stderr.write('\r\x1b[K'),
  };
}
