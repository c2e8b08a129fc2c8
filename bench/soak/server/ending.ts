/** The end of a server: it drains, and leaves nothing. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { inventory } from '../process-state.js';
import { JSON_TYPE } from './functions.js';
import type { Life } from './server-process.js';
import { begin, exchange, type Visitor } from './visitor.js';

const ON_THEIR_WAY = 4;
const BUSY_MS = 1500;
const HEAD_START_MS = 500;
/** Of processes that write, and of servers that have the directory. */
const LEFTOVERS = /(^|\/)(\.tmp-|lock-)/;
/** Guests have images in memory, and on the process backend memory of processes. */
const FILE = /^\/(?!memfd:|proc\/)/;
const GONE_MS = 3000;
const STEP_MS = 500;
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

/** Connections and files of a server, those of its guests left out, once clients have gone that hung up. */
export async function openIn({ pid, port, agent }: Life): Promise<number> {
  agent.destroy();
  let fewest = Number.POSITIVE_INFINITY;
  for (let waited = 0; waited < GONE_MS; waited += STEP_MS) {
    await sleep(STEP_MS);
    fewest = Math.min(fewest, filesOf(pid) + connectionsTo(port));
  }
  return fewest;
}

function filesOf(pid: number): number {
  const { fds } = inventory(pid);
  const counts = Object.entries(fds).map(([kind, count]) => (FILE.test(kind) ? count : 0));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Those that the server has not closed. */
function connectionsTo(port: number): number {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const open = new RegExp(`^ *\\d+: [0-9A-F]+:${hex} \\S+ (01|08) `, 'gm'); // established, closed by the client
  return readFileSync('/proc/net/tcp', 'latin1').match(open)?.length ?? 0;
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
