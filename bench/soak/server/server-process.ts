/** `snapvm serve` as a process of its own, which is killed and started again on the same directory. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Tally } from '../tally.js';
import { watchLog } from './server-log.js';

const MAIN = fileURLToPath(new URL('../../../src/cli/main.js', import.meta.url));
const START_MS = 60_000;
const END_MS = 30_000;
/** A bundle that was begun goes on for up to 30 s. */
const GONE_MS = 40_000;
/** More at once would be answered no sooner. */
const CONNECTIONS = 24;
const BODY_BYTES = 8 * 2 ** 20;
/** Results of asynchronous calls are kept so long: short, so that they go while the load runs. */
export const RESULTS_SECONDS = 40;
const DRAIN_MS = 15_000;

/** One process of the server, from its start to its end. */
export interface Life {
  readonly pid: number;
  readonly url: string;
  readonly port: number;
  readonly agent: Agent;
  /** It is being ended, or has ended: what was asked of it may have no answer. */
  isOver: boolean;
}

/** How servers are started. */
export interface ServeOptions {
  readonly directory: string;
  readonly accessFile: string;
  readonly backend: string | undefined;
}

/** A server that lives several times, one after the other. */
export class ServerProcess {
  /** How often it was started. */
  starts = 0;
  readonly #options: ServeOptions;
  readonly #tally: Tally;
  #child: ChildProcess | undefined;
  #life: Life | undefined;
  #next = new Next();

  constructor(options: ServeOptions, tally: Tally) {
    this.#options = options;
    this.#tally = tally;
  }

  /** The process that runs now; resolves when one listens. */
  up(): Promise<Life> {
    return this.#next.life;
  }

  /** @throws Error when it does not begin to listen */
  async start(): Promise<Life> {
    const life = await this.#start();
    this.#next.resolve(life);
    return life;
  }

  /** `kill -9`. Resolves when it and all that it had started are gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** @returns the exit code, or the signal that ended it */
  async stop(): Promise<number | string | null> {
    return await this.#end('SIGTERM');
  }

  /** Ends it at once, if it still runs. */
  async destroy(): Promise<void> {
    if (this.#life?.isOver === false) await this.kill();
  }

  async #start(): Promise<Life> {
    const { directory, accessFile, backend } = this.#options;
    const args = [
      ...['serve', '--json', '--port', '0', '--workers', '2', '--log-level', 'info'],
      ...['--directory', directory, '--access', accessFile, '--body-bytes', String(BODY_BYTES)],
      ...['--results-seconds', String(RESULTS_SECONDS), '--drain-ms', String(DRAIN_MS)],
      ...(backend === undefined ? [] : ['--backend', backend]),
    ];
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    this.starts += 1;
    const tail = watchLog(child.stderr, this.#tally);
    const ended = once(child, 'exit').then(() => {
      throw new Error(`the server did not begin to listen: ${tail()}`);
    });
    ended.catch(() => {});
    const late = new AbortController();
    try {
      const [line] = (await Promise.race([
        once(createInterface(child.stdout), 'line'),
        ended,
        sleep(START_MS, undefined, { signal: late.signal }).then(() => {
          throw new Error(`the server did not begin to listen for ${START_MS / 1000} s`);
        }),
      ])) as [string];
      this.#life = lifeOf(JSON.parse(line) as { readonly url: string; readonly pid: number });
    } finally {
      late.abort();
    }
    const life = this.#life;
    child.once('exit', (code, signal) => {
      if (!life.isOver) this.#tally.surprise(`the server ended (${code ?? signal}): ${tail()}`);
      life.isOver = true;
    });
    return life;
  }

  async #end(signal: NodeJS.Signals): Promise<number | string | null> {
    const [child, life] = [this.#child, this.#life];
    if (child === undefined || life === undefined) throw new Error('the server was not started');
    const family = processesBelow(life.pid);
    this.#next = new Next();
    life.isOver = true;
    const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    child.kill(signal);
    const late = setTimeout(() => {
      this.#tally.surprise(`the server did not end within ${END_MS / 1000} s of ${signal}`);
      child.kill('SIGKILL');
    }, END_MS);
    const [code, by] = await ended;
    clearTimeout(late);
    life.agent.destroy();
    const left = await stillThere(family);
    if (left.length > 0) this.#tally.surprise(`left by the server after ${signal}: ${left.join(', ')}`);
    return code ?? by;
  }
}

/** The process that those wait for who come before it listens. */
class Next {
  resolve: (life: Life) => void = () => {};
  readonly life = new Promise<Life>((resolve) => {
    this.resolve = resolve;
  });
}

function lifeOf({ url, pid }: { readonly url: string; readonly pid: number }): Life {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  return { pid, url, port: Number(new URL(url).port), agent, isOver: false };
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  /** Tells it from a later one of the same number. */
  readonly started: string;
}

function processesNow(): Process[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
        const [state, parent, ...more] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z') return []; // whoever is its parent has not looked yet
        const program = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
        return [{ pid: Number(name), parent: Number(parent), name: program, started: more[17] ?? '' }];
      } catch {
        return []; // it has just ended
      }
    });
}

/** Children of a process, theirs, and so on. */
export function processesBelow(pid: number): Process[] {
  const all = processesNow();
  const found: Process[] = [];
  for (let parents = new Set([pid]); parents.size > 0; ) {
    const children = all.filter(({ parent }) => parents.has(parent));
    found.push(...children);
    parents = new Set(children.map((child) => child.pid));
  }
  return found;
}

/** Which of them do not end by themselves. */
async function stillThere(family: readonly Process[]): Promise<string[]> {
  for (let waited = 0; ; waited += 200) {
    const now = new Set(processesNow().map(({ pid, started }) => `${pid} ${started}`));
    const left = family.filter(({ pid, started }) => now.has(`${pid} ${started}`));
    if (left.length === 0 || waited >= GONE_MS) return left.map(({ pid, name }) => `${name} (${pid})`);
    await sleep(200);
  }
}
