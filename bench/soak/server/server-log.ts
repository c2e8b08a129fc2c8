/** The server's log: each line is one that it meant to write, and none says that the server failed. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Tally } from '../tally.js';

/** Guests, names and headers try to write a line that begins with this. */
export const FORGED = 'FORGED-LINE';
/** A line break, what would colour a terminal, and what would be a line of the log. */
export const FORGERY = `\n{"level":60,"msg":"${FORGED}"}\r\n\u001b[2J${FORGED}\u2028`;

const KEPT = 5;
/** Of pino. */
const ERROR = 50;

/** Reads a server's log as it comes. @returns what gives its last lines */
export function watchLog(stderr: Readable, tally: Tally): () => string {
  const last: string[] = [];
  createInterface(stderr).on('line', (line) => {
    last.push(line.slice(0, 1000));
    if (last.length > KEPT) last.shift();
    const wrong = wrongWith(line);
    if (wrong !== undefined) tally.surprise(`the server's log: ${wrong}: ${line.slice(0, 2000)}`);
  });
  return () => last.join('\n');
}

function wrongWith(line: string): string | undefined {
  if (line.startsWith('snapvm: ')) return undefined; // what it says to people
  let fields: { readonly level?: number; readonly msg?: string; readonly tenant?: string };
  try {
    fields = JSON.parse(line);
  } catch {
    return 'a line that is no JSON';
  }
  const { level = 0, msg = '', tenant } = fields;
  if (tenant !== undefined && Object.hasOwn(fields, 'call')) return undefined; // a guest's, who may say anything
  if (msg.startsWith(FORGED)) return 'a line that was forged';
  return level >= ERROR ? 'an error' : undefined;
}
