/** The table of `snapvm top`. */
import { escapeLine } from '../base/escape.js';
import { duration, paint, table, thousands } from './output.js';
import type { FunctionRates, Look, Missed } from './top-looks.js';

/** Where it is drawn. */
export interface Frame {
  /** The last look that succeeded, which is shown while there is no newer one. */
  readonly last: Look | undefined;
  readonly rows: number;
  readonly columns: number;
}

const HEADS = ['name', 'calls/s', 'p50', 'p99', 'errors/s', 'calls', 'errors', 'kind', 'rev', 'version'];
/** Numbers. */
const RIGHT = [1, 2, 3, 4, 5, 6];
const SHOWN_DIGITS = 12;
const ELLIPSIS = '…';
const NONE = '-';
/** What the other columns take, about. */
const OTHER_COLUMNS = 84;
const LEAST_NAME = 12;

/** The lines: no more and no longer than the frame has room for; all of them without one. */
export function topLines(now: Look | Missed, frame?: Frame): readonly string[] {
  const { rows = Number.POSITIVE_INFINITY, columns = Number.POSITIVE_INFINITY } = frame ?? {};
  const isMissed = 'error' in now;
  const look = isMissed ? frame?.last : now;
  const head = isMissed ? missedText(now) : headText(now);
  const [names = '', ...lines] = tableLines(look?.functions ?? [], columns);
  const room = Math.max(0, rows - 2);
  const isCut = lines.length > room || (look?.hasMore ?? false);
  const shown = lines.slice(0, isCut ? Math.max(0, room - 1) : room);
  const rest = `${ELLIPSIS} and ${thousands(lines.length - shown.length)}${look?.hasMore ? ' or more' : ''} more`;
  return [
    paint(isMissed ? 'red' : 'bold', cut(head, columns)),
    paint('bold', cut(names, columns)),
    ...shown.map((line, at) => lineOf(line, look?.functions[at], columns)),
    ...(isCut ? [paint('dim', cut(rest, columns))] : []),
  ].slice(0, rows);
}

/** Of all functions; `undefined` while there are no rates. */
export function sumOf(
  functions: readonly FunctionRates[],
  field: 'callsPerSecond' | 'errorsPerSecond',
): number | undefined {
  const rates = functions.map((one) => one[field]).filter((rate) => rate !== undefined);
  return rates.length === 0 && functions.length > 0 ? undefined : rates.reduce((sum, rate) => sum + rate, 0);
}

function headText({ url, isReady, status, functions, hasMore }: Look): string {
  const calls = functions.reduce((sum, one) => sum + one.calls, 0);
  return [
    printableText(url),
    isReady ? 'ready' : `not ready: ${printableText(status)}`,
    `${thousands(functions.length)}${hasMore ? ' or more' : ''} functions`,
    `${rateText(sumOf(functions, 'callsPerSecond'))} calls/s`,
    `${rateText(sumOf(functions, 'errorsPerSecond'))} errors/s`,
    `${thousands(calls)} calls`,
  ].join('  ');
}

function missedText({ url, error }: Missed): string {
  return `${printableText(url)}  does not answer, and is asked again: ${printableText(error.message)}`;
}

function tableLines(functions: readonly FunctionRates[], columns: number): readonly string[] {
  const nameColumns = Math.max(LEAST_NAME, columns - OTHER_COLUMNS);
  return table([HEADS, ...functions.map((one) => cellsOf(one, nameColumns))], RIGHT).split('\n');
}

function cellsOf(one: FunctionRates, nameColumns: number): readonly string[] {
  const wasCalled = one.calls > 0;
  return [
    cut(printableText(one.name), nameColumns),
    rateText(one.callsPerSecond),
    wasCalled ? duration(one.p50Us / 1000) : NONE,
    wasCalled ? duration(one.p99Us / 1000) : NONE,
    rateText(one.errorsPerSecond),
    thousands(one.calls),
    thousands(one.errors),
    printableText(one.kind ?? NONE),
    one.revisions.join('/') || NONE,
    printableText(one.version ?? NONE).slice(0, SHOWN_DIGITS),
  ];
}

function lineOf(line: string, one: FunctionRates | undefined, columns: number): string {
  const text = cut(line, columns);
  return (one?.errorsPerSecond ?? 0) > 0 ? paint('red', text) : text;
}

function rateText(rate: number | undefined): string {
  if (rate === undefined) return NONE;
  return rate < 100 ? rate.toFixed(1) : thousands(rate);
}

/** What a terminal shows in one column a character. */
function printableText(text: string): string {
  return escapeLine(text).replaceAll(/[^\x20-\x7e]/g, '?');
}

function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}${ELLIPSIS}`;
}
