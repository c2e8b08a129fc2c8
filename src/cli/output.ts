/** Writes to stdout and stderr, and formats what is written. */
import { systemError } from '../base/errno.js';
import { escapeControls, escapeLine } from '../base/escape.js';

/** Colours only on a terminal that wants them (https://no-color.org). */
const colours = process.stdout.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';

const STYLES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33 } as const;

/** Styles text for stdout; leaves it alone when stdout is no terminal. */
export function paint(style: keyof typeof STYLES, text: string): string {
  return colours ? `\x1b[${STYLES[style]}m${text}\x1b[0m` : text;
}

/**
 * Has a reader that went away (`| head -1`) end the process quietly; any other failure to write is an error. What
 * stderr cannot say is lost: there is nowhere left to say it.
 */
export function watchStreams(): void {
  process.stdout.on('error', (error) => {
    const { code, reason } = systemError(error);
    if (code === 'EPIPE') process.exit();
    warn(`snapvm: ${code}: the output cannot be written: ${reason}`);
    process.exit(1);
  });
  process.stderr.on('error', () => {});
}

/** Writes to stdout and waits until it is written, so that the end of the process cuts nothing off. */
export function print(data: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    // A failure arrives as the stream's 'error' too, where it ends the process.
    process.stdout.write(data, (error) => {
      if (!error) resolve();
    });
  });
}

/** Writes what a guest gave to stdout: byte for byte, but a terminal gets its text without what it would obey. */
export function printGuest(data: Uint8Array): Promise<void> {
  return print(process.stdout.isTTY === true ? terminalText(data) : data);
}

/** The same for stderr. */
export function printGuestError(data: Uint8Array): Promise<void> {
  const shown = process.stderr.isTTY === true ? terminalText(data) : data;
  return new Promise((resolve) => process.stderr.write(shown, () => resolve()));
}

/** What is no UTF-8 becomes U+FFFD: some terminals take lone bytes for control characters. */
function terminalText(data: Uint8Array): string {
  return escapeControls(new TextDecoder('utf-8', { ignoreBOM: true }).decode(data));
}

/** Prints one JSON document, for programs and terminals; bigints become hexadecimal strings. */
export function printJson(value: unknown): Promise<void> {
  const text = JSON.stringify(
    value,
    (_key, field: unknown) => (typeof field === 'bigint' ? `0x${field.toString(16)}` : field),
    2,
  );
  return print(`${escapeControls(text)}\n`);
}

/** Prints one JSON document as one line: for commands that print one after the other. */
export function printJsonLine(value: unknown): Promise<void> {
  return print(jsonLine(value));
}

/** One JSON document as one line, with its end. */
export function jsonLine(value: unknown): string {
  return `${escapeLine(JSON.stringify(value))}\n`;
}

/** Prints one line to stderr. */
export function warn(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Columns two spaces apart; those of the indices in `right` aligned to the right. */
export function table(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, cell.length);
  }
  const align = (cell: string, column: number): string =>
    right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  return rows.map((row) => row.map(align).join('  ').trimEnd()).join('\n');
}

const MAX_LINE = 500;

/** Untrusted text on one line of limited length. */
export function oneLine(text: string): string {
  const line = escapeLine(text.replaceAll(/\s+/g, ' '));
  return line.length > MAX_LINE ? `${line.slice(0, MAX_LINE)}…` : line;
}

const BYTE_UNITS = ['GiB', 'MiB', 'KiB'] as const;

/** A size for people: `64 KiB`, `1.5 MiB`, `64 B`. */
export function bytes(count: number): string {
  for (const [index, unit] of BYTE_UNITS.entries()) {
    const size = 1024 ** (BYTE_UNITS.length - index);
    if (count >= size) return `${Number((count / size).toFixed(1))} ${unit}`;
  }
  return `${count} B`;
}

/** A duration with about three digits: `850 µs`, `1.24 ms`, `12.3 s`. */
export function duration(ms: number): string {
  if (ms < 1) return `${(ms * 1000).toFixed(0)} µs`;
  return ms < 1000 ? `${digits(ms)} ms` : `${digits(ms / 1000)} s`;
}

/** Milliseconds, rounded to microseconds: further digits are noise. */
export function rounded(ms: number): number {
  return Number(ms.toFixed(3));
}

export function thousands(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

function digits(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
