/** Starts the built command line as a user would, on the backend that is tested, and looks at what comes back. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { TEST_BACKEND } from './sandbox.js';

export const MAIN = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
export const EXAMPLES = fileURLToPath(new URL('../../guest/examples/', import.meta.url));
export const ECHO = join(EXAMPLES, 'echo.elf');
export const CRASH = join(EXAMPLES, 'crash.elf');

export interface Result {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

export interface Options {
  /** @default empty */
  readonly stdin?: Uint8Array | string;
  readonly env?: NodeJS.ProcessEnv;
  /** Runs as this user. */
  readonly uid?: number;
  /** Called once the program runs. */
  readonly meet?: (child: ChildProcess) => void;
}

export function snapvm(
  args: readonly string[],
  { stdin = '', env = {}, uid, meet }: Options = {},
): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, SNAPVM_DEBUG: '', SNAPVM_BACKEND: TEST_BACKEND, ...env },
      timeout: 60_000,
      killSignal: 'SIGKILL',
      ...(uid !== undefined && { uid, gid: uid }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
    child.once('error', reject);
    child.once('close', (code, signal) =>
      resolve({ code, signal, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() }),
    );
    meet?.(child);
  });
}

/** A failure: its exit code, nothing on stdout, and one line on stderr that says all of `parts`. */
export async function failsWith(
  t: ExecutionContext,
  args: readonly string[],
  code: number,
  ...parts: readonly string[]
): Promise<void> {
  const result = await snapvm(args);
  t.is(result.code, code, result.stderr);
  t.is(result.stdout.length, 0);
  t.regex(result.stderr, /^snapvm: [^\n]+\n$/);
  for (const part of parts) t.true(result.stderr.includes(part), `${result.stderr} lacks ${part}`);
}

export async function json(
  t: ExecutionContext,
  args: readonly string[],
  code = 0,
): Promise<Record<string, unknown>> {
  const result = await snapvm([...args, '--json']);
  t.is(result.code, code, result.stderr);
  t.is(result.stderr, '');
  return JSON.parse(result.stdout.toString()) as Record<string, unknown>;
}

/** `null` when the machine has no way to run a program on a pseudo-terminal. */
export function onTerminal(args: readonly string[], env: NodeJS.ProcessEnv): string | null {
  if (!existsSync('/usr/bin/script')) return null;
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const { NO_COLOR: _, ...rest } = process.env;
  const own = { TERM: 'xterm', SNAPVM_BACKEND: TEST_BACKEND };
  const options = { env: { ...rest, ...own, ...env }, timeout: 60_000, encoding: 'utf8' } as const;
  return spawnSync('/usr/bin/script', ['-qec', command, '/dev/null'], options).stdout;
}

interface TerminalOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly typed?: string;
  readonly typedAfter?: number;
}

/** What each picture begins with. */
const HOME = '\u001b[H';

/** The same while the test goes on, which may be the server. `typed` is typed after so many pictures were drawn. */
export function snapvmOnTerminal(
  args: readonly string[],
  { env = {}, typed = '', typedAfter = 0 }: TerminalOptions = {},
): Promise<{ readonly code: number | null; readonly shown: string } | null> {
  if (!existsSync('/usr/bin/script')) return Promise.resolve(null);
  const command = [process.execPath, MAIN, ...args].map((word) => `'${word}'`).join(' ');
  const { NO_COLOR: _, ...rest } = process.env;
  const own = { TERM: 'xterm', SNAPVM_BACKEND: TEST_BACKEND };
  return new Promise((resolve, reject) => {
    const child = spawn('/usr/bin/script', ['-qec', command, '/dev/null'], {
      env: { ...rest, ...own, ...env },
      timeout: 60_000,
    });
    const shown: Buffer[] = [];
    let toType = typed;
    child.stdout.on('data', (chunk: Buffer) => {
      shown.push(chunk);
      if (Buffer.concat(shown).toString().split(HOME).length <= typedAfter) return;
      child.stdin.write(toType);
      toType = '';
    });
    child.stdin.on('error', () => {});
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, shown: Buffer.concat(shown).toString() }));
  });
}

/** 1.5 seconds; Linux counts 100 ticks a second on every machine. */
const SPINNING_TICKS = 150;

/** Calls back once the program and its guests have used more CPU time than starting takes: a guest spins. */
export function whenSpinning(child: ChildProcess, found: () => void): void {
  const timer = setInterval(() => {
    if (child.exitCode !== null || child.signalCode !== null) clearInterval(timer);
    else if (ticksOfFamily(child.pid) >= SPINNING_TICKS) {
      clearInterval(timer);
      found();
    }
  }, 50);
}

/** Of a process and all its descendants: a guest may be a process that its program has made. */
function ticksOfFamily(pid: number | undefined): number {
  return [cpuTicks(pid), ...childrenOf(pid).map(ticksOfFamily)].reduce((sum, ticks) => sum + ticks, 0);
}

/** Those of all its threads; none when it has ended. */
function childrenOf(pid: number | undefined): number[] {
  const tasks = `/proc/${pid}/task`;
  try {
    const lists = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/children`, 'utf8'));
    return lists.flatMap((list) => list.split(' ').filter(Boolean).map(Number));
  } catch {
    return [];
  }
}

/** User and system time of a process, in clock ticks (proc(5): fields 14 and 15). */
function cpuTicks(pid: number | undefined): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
