/** Engines for tests, what their calls came to, and child processes that run one. */
import { spawn } from 'node:child_process';
import type { Worker } from 'node:worker_threads';
import type { ExecutionContext } from 'ava';
import { Engine, type EngineOptions, SnapvmError } from '../../src/index.js';
import { TEST_BACKEND } from './sandbox.js';

/** An engine that is closed when the test ends. */
export async function startEngine(t: ExecutionContext, options: EngineOptions = {}): Promise<Engine> {
  const engine = await Engine.start(options);
  t.teardown(() => engine.close());
  return engine;
}

/** What a call came to: its answer as text, or the error. */
export async function settle(call: Promise<Uint8Array>): Promise<string | SnapvmError> {
  try {
    return Buffer.from(await call).toString();
  } catch (error) {
    if (error instanceof SnapvmError) return error;
    throw error;
  }
}

/** The answer as text, or the error's code. */
export async function codeOf(call: Promise<unknown>): Promise<string> {
  try {
    const value = await call;
    return value instanceof Uint8Array ? Buffer.from(value).toString() : 'no error';
  } catch (error) {
    if (error instanceof SnapvmError) return error.code;
    throw error;
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until something holds; false if it does not in a long time. */
export async function eventually(holds: () => boolean, seconds = 60): Promise<boolean> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(5)) {
    if (holds()) return true;
  }
  return holds();
}

const workers = new Map<number, Worker>();
process.on('worker', (worker) => {
  const { threadId } = worker;
  workers.set(threadId, worker);
  worker.once('exit', () => workers.delete(threadId));
});

/** Ends a worker thread from outside, as nobody should. Resolves when it is gone. */
export async function terminateThread(threadId: number): Promise<void> {
  const worker = workers.get(threadId);
  if (worker === undefined) throw new Error(`there is no worker thread ${threadId}`);
  await worker.terminate();
}

export interface Child {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the moment it said "now" on its standard output to its end. */
  readonly ms: number;
}

/** What a child imports snapvm from. */
export const INDEX = new URL('../../src/index.js', import.meta.url).href;
/** A child that hangs is killed after this long, and its test fails by what is left. */
const CHILD_LIMIT_MS = 100_000;

/** Runs a module that finds `Engine` imported. `onNow` is called when it prints a line "now". */
export function runChild(source: string, onNow?: (pid: number) => void): Promise<Child> {
  return runModule(`import { Engine } from ${JSON.stringify(INDEX)};\n${source}`, [], onNow);
}

/** The same with flags of Node, of a module that imports what it wants. */
export function runModule(
  code: string,
  flags: readonly string[] = [],
  onNow: (pid: number) => void = () => {},
): Promise<Child> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...flags, '--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Asked for by name, it is not warned of.
      env: { ...process.env, SNAPVM_BACKEND: TEST_BACKEND },
    });
    let [stdout, stderr, since] = ['', '', performance.now()];
    const limit = setTimeout(() => child.kill('SIGKILL'), CHILD_LIMIT_MS);
    child.stdout.on('data', (chunk: Buffer) => {
      const before = stdout.includes('now\n');
      stdout += chunk.toString();
      if (before || !stdout.includes('now\n')) return;
      since = performance.now();
      onNow(child.pid ?? 0);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.once('error', reject);
    child.once('close', (exitCode, signal) => {
      clearTimeout(limit);
      resolve({ code: exitCode, signal, stdout, stderr, ms: performance.now() - since });
    });
  });
}
