/** `snapvm serve` as a child process, and a client of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { ExecutionContext } from 'ava';
import { SnapvmClient } from '../../src/client/index.js';
import { MAIN } from './cli.js';
import { TEST_BACKEND } from './sandbox.js';

/** What `snapvm serve --json` says when it listens. */
export interface Listening {
  readonly url: string;
  readonly pid: number;
  readonly open: boolean;
}

/** A server that runs. */
export class Served {
  readonly child: ChildProcess;
  readonly listening: Listening;
  readonly client: SnapvmClient;
  readonly #lines: Interface;
  readonly #stderr: Buffer[];

  constructor(child: ChildProcess, listening: Listening, lines: Interface, stderr: Buffer[]) {
    this.child = child;
    this.listening = listening;
    this.client = new SnapvmClient({ url: listening.url });
    this.#lines = lines;
    this.#stderr = stderr;
  }

  /** The next line that it, or one of its host functions, writes to stdout. */
  async nextLine(): Promise<string> {
    return await nextOf(this.#lines);
  }

  get url(): string {
    return this.listening.url;
  }

  /** What it has written to stderr. */
  get stderr(): string {
    return Buffer.concat(this.#stderr).toString();
  }

  /** Sends a signal. @returns the exit code, or the signal that ended it */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const ended = this.ended();
    this.child.kill(signal);
    return await ended;
  }

  /** The exit code, or the signal that ended it, once it has ended. */
  async ended(): Promise<number | NodeJS.Signals | null> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) return exitCode ?? signalCode;
    const [code, signal] = (await once(this.child, 'close')) as [number | null, NodeJS.Signals | null];
    return code ?? signal;
  }
}

/** A directory that is removed when the test ends. */
export function scratchDirectory(t: ExecutionContext): string {
  const directory = mkdtempSync(join(tmpdir(), 'snapvm-serve-'));
  t.teardown(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Starts `snapvm serve` on a free port, and waits until it listens. It ends with the test, or before. */
export async function serve(t: ExecutionContext, args: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [MAIN, 'serve', '--port', '0', '--json', ...args], {
    env: { ...process.env, SNAPVM_DEBUG: '', SNAPVM_BACKEND: TEST_BACKEND, SNAPVM_URL: '', SNAPVM_TOKEN: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  t.teardown(() => void child.kill('SIGKILL'));
  const stderr: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const lines = createInterface(child.stdout);
  const ended = once(child, 'close').then(() => {
    throw new Error(`it did not begin to listen: ${Buffer.concat(stderr)}`);
  });
  const line = await Promise.race([nextOf(lines), ended]);
  ended.catch(() => {}); // it ends some time
  return new Served(child, JSON.parse(line) as Listening, lines, stderr);
}

async function nextOf(lines: Interface): Promise<string> {
  const [line] = (await once(lines, 'line')) as [string];
  return line;
}
