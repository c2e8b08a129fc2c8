/** Server-sent events, and the patience that their readers need. */

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

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
