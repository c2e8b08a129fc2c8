/** Lines of guests as answers say them, one by one as they come. */

import type { FastifyReply } from 'fastify';
import { isoTime } from '../../base/globals.js';
import type { LogFollower } from '../observe/log-follower.js';
import type { LogLine } from '../observe/log-ring.js';
import { breakSilence, eventText, roomIn } from './events.js';
import { EVENTS_TYPE } from './media.js';

/** A line in an answer. */
export function lineBody({ time, ...line }: LogLine): object {
  return { time: isoTime(time), ...line };
}

/** Sends lines as events: those that were kept, then those that come. Resolves when there is nobody to send to. */
export async function sendLines(
  reply: FastifyReply,
  kept: readonly LogLine[],
  follower: LogFollower,
): Promise<void> {
  const { raw } = reply;
  raw.once('close', () => follower.close());
  if (raw.destroyed) follower.close();
  reply.hijack();
  raw.writeHead(200, {
    ...(reply.getHeaders() as Readonly<Record<string, string>>),
    'content-type': EVENTS_TYPE,
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  raw.flushHeaders();
  raw.once('close', breakSilence(raw));
  for (const line of kept) raw.write(eventText('line', lineBody(line)));
  for await (const line of follower) {
    if (raw.destroyed) return;
    if (!raw.write(eventText('line', lineBody(line)))) await roomIn(raw);
  }
  raw.end(eventText('end', { dropped: follower.isDropped }));
}
