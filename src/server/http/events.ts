/** Server-sent events, and the patience that their readers need. */

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { clearInterval, setInterval } from '../../base/globals.js';

/** Proxies and clients take a silence of minutes for the end. */
const SILENCE_MS = 30_000;

export function eventText(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Resolves when the client has taken what was sent, or has hung up. */
export async function roomIn(raw: ServerResponse): Promise<void> {
  const left = new AbortController();
  const { signal } = left;
  const settled = [once(raw, 'drain', { signal }), once(raw, 'close', { signal })];
  await Promise.race(settled.map((one) => one.catch(() => {})));
  left.abort();
}

/** Sends a comment once in a while, which readers pass over. Returns what stops it. */
export function breakSilence(raw: ServerResponse, everyMs = SILENCE_MS): () => void {
  const timer = setInterval(() => {
    if (!raw.destroyed && !raw.writableNeedDrain) raw.write(':\n\n');
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
