/** `snapvm top`: what the functions of a server do now. */
import { defineCommand } from './arguments.js';
import { heading } from './help.js';
import { print, printJsonLine, rounded } from './output.js';
import { Screen } from './screen.js';
import { CLIENT_FLAGS, CLIENT_NOTE, clientOptions } from './server-client.js';
import { closingOnSignal } from './session.js';
import { type FunctionRates, type Look, looks, type Missed } from './top-looks.js';
import { sumOf, topLines } from './top-table.js';

const FLAGS = {
  interval: { value: 'ms', help: 'Milliseconds between two looks, 100 to 3600000 (default 1000)' },
  once: { help: 'Print the table once, after one interval' },
  ...CLIENT_FLAGS,
  json: { help: 'Print one JSON object a line and interval: time, url, ready, functions and more; or error' },
} as const;

const LEAST_MS = 100;
const MOST_MS = 3_600_000;

type Seen = AsyncGenerator<Look | Missed, void, undefined>;

export const topCommand = defineCommand({
  name: 'top',
  summary: 'Shows what the functions of a server do now: calls a second, durations, errors.',
  positionals: [],
  flags: FLAGS,
  jsonLines: () => true,
  notes: `The table is drawn again after each interval, the busiest functions first; "q" and Ctrl-C end it. When stdout
is no terminal it is printed once, after one interval. Rates are of the last interval; p50 and p99 (how long calls
ran), calls and errors are of all calls since the server started. While the server does not answer, that is
said, and it is asked again. Beyond 10,000 functions, the first by name are shown.
${CLIENT_NOTE}

${heading('Examples')}
  snapvm top
  snapvm top --once --interval 5000
  snapvm top --json | jq -c '[.time, .callsPerSecond]'`,
  run: async (args) => {
    const options = await clientOptions(args);
    const ended = new AbortController();
    const seen = looks(options, args.whole('interval', LEAST_MS, MOST_MS) ?? 1000, ended.signal);
    try {
      if (args.has('json')) await printObjects(seen, args.has('once'));
      else if (args.has('once') || process.stdout.isTTY !== true) await printOnce(seen);
      else await show(seen, ended);
    } finally {
      ended.abort();
    }
    return 0;
  },
});

/** @throws SnapvmRequestError when the server has gone meanwhile */
async function printOnce(seen: Seen): Promise<void> {
  await seen.next();
  for await (const look of seen) {
    if ('error' in look) throw look.error;
    await print(`${topLines(look).join('\n')}\n`);
    return;
  }
}

async function printObjects(seen: Seen, once: boolean): Promise<void> {
  await seen.next();
  for await (const look of seen) {
    if (once && 'error' in look) throw look.error;
    await printJsonLine({ time: new Date().toISOString(), ...objectOf(look) });
    if (once) return;
  }
}

function objectOf(look: Look | Missed): object {
  if ('error' in look) {
    const { code, message } = look.error;
    return { url: look.url, ready: false, error: { code, message } };
  }
  const { url, isReady, status, functions, hasMore } = look;
  return {
    url,
    ready: isReady,
    status,
    callsPerSecond: roundedRate(sumOf(functions, 'callsPerSecond')),
    errorsPerSecond: roundedRate(sumOf(functions, 'errorsPerSecond')),
    functions: functions.map(withRoundedRates),
    more: hasMore,
  };
}

function withRoundedRates(rates: FunctionRates): FunctionRates {
  return {
    ...rates,
    callsPerSecond: roundedRate(rates.callsPerSecond),
    errorsPerSecond: roundedRate(rates.errorsPerSecond),
  };
}

function roundedRate(rate: number | undefined): number | undefined {
  return rate === undefined ? undefined : rounded(rate);
}

/** Draws until the user has enough. */
async function show(seen: Seen, ended: AbortController): Promise<void> {
  // A server that is not there from the beginning is an error like that of other commands.
  const first = await seen.next();
  let now = first.value as Look | Missed;
  let last: Look | undefined;
  const draw = (): void => screen.draw(topLines(now, { last, rows: screen.rows, columns: screen.columns }));
  const screen = new Screen((key) => {
    if (key === 'q') ended.abort();
  }, draw);
  await closingOnSignal(screen, async () => {
    try {
      draw();
      for await (const look of seen) {
        if (!('error' in now)) last = now;
        now = look;
        draw();
      }
    } catch (error) {
      if (!ended.signal.aborted) throw error;
    }
  });
}
