/** The end of a server: it drains, and leaves nothing. */
import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { JSON_TYPE } from './functions.js';
import { begin, exchange, type Visitor } from './visitor.js';

const ON_THEIR_WAY = 4;
const BUSY_MS = 1500;
const HEAD_START_MS = 500;
/** Of processes that write, and of servers that have the directory. */
const LEFTOVERS = /(^|\/)(\.tmp-|lock-)/;
const SHARED_MEMORY = '/dev/shm';

/** SIGTERM while calls are on their way, and somebody follows a log: the calls are answered, and it ends well. */
export async function drain({ server, tally }: Visitor): Promise<void> {
  const life = await server.up();
  const followed = await begin(life, { method: 'GET', path: '/v1/functions/script/logs?follow=1' });
  followed.on('error', () => {});
  followed.resume();
  const busy = {
    path: '/v1/functions/script',
    headers: { ...JSON_TYPE, 'snapvm-fn': 'busy' },
    body: String(BUSY_MS),
  };
  const calls = Array.from({ length: ON_THEIR_WAY }, () => exchange(life, busy));
  const settled = Promise.allSettled(calls);
  await sleep(HEAD_START_MS);
  const code = await server.stop();
  if (code !== 0) tally.surprise(`after SIGTERM the server ended with ${code}`);
  for (const call of await settled) {
    const outcome = call.status === 'fulfilled' ? String(call.value.status) : String(call.reason);
    tally.ended('call that SIGTERM waits for', outcome);
    if (outcome !== '200') tally.surprise(`call that SIGTERM waits for: ${outcome}`);
  }
}

/** Files in a server's directory that none of its parts has a use for. */
export function leftIn(directory: string): string[] {
  return (readdirSync(directory, { recursive: true }) as string[]).filter((path) => LEFTOVERS.test(path));
}

export function sharedMemory(): string[] {
  try {
    return readdirSync(SHARED_MEMORY).filter((name) => name.includes('snapvm'));
  } catch {
    return []; // there is none
  }
}
