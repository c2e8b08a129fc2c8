/**
 * esbuild, each time in a process that does nothing else meanwhile: a stranger's text can make it take all
 * memory or never end. One that ended well is kept for the next, and does not keep this process alive.
 */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { onAbort } from '../../base/abort.js';
import { outOf } from '../../base/errno.js';
import { SnapvmError } from '../../base/errors.js';
import { clearInterval, clearTimeout, setInterval, setTimeout } from '../../base/globals.js';
import { messageOf } from '../../base/realms.js';

export type Esbuild = typeof import('esbuild');
type Work<T> = (esbuild: Esbuild) => Promise<T>;

/** What work may take. */
export interface EsbuildLimits {
  /** Memory of its process, in bytes. */
  readonly bytes: number;
  /** From when it begins, in milliseconds. */
  readonly ms: number;
  /** Ends it, with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** What Node says of a program that cannot be run. */
const NOT_STARTED = /\bspawn\b.* (E[A-Z]+)/;
/** What starting a process takes of descriptors, and as much again for what other threads open meanwhile. */
const DESCRIPTORS = 16;
/** How often its memory is looked at: it takes some 20 us, and esbuild some 50 MiB meanwhile. */
const LOOK_MS = 20;
/** A process that holds more is not kept. */
const KEPT_BYTES = 256 * 2 ** 20;
const PAGE_BYTES = 4096;
/** More at once would take the memory limit as often. The rest waits. */
const MOST_AT_ONCE = 2;

const idle: Service[] = [];
const waiting: (() => void)[] = [];
let atOnce = 0;

/**
 * @throws SnapvmError `SNAPVM_JS_BUNDLE` when esbuild's process cannot be started, or is ended by the work or
 * for a limit; `SNAPVM_HOST_MEMORY` when there is no room for it; the signal's reason; and what `work` throws
 */
export async function withEsbuild<T>(work: Work<T>, limits: EsbuildLimits): Promise<T> {
  await turn(limits.signal);
  try {
    limits.signal?.throwIfAborted();
    return await take().use(work, limits);
  } finally {
    const next = waiting.shift();
    if (next === undefined) atOnce--;
    else next();
  }
}

/** Resolves when it is somebody's turn. @throws the signal's reason, at once */
async function turn(signal: AbortSignal | undefined): Promise<void> {
  if (atOnce < MOST_AT_ONCE) {
    atOnce++;
    return;
  }
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const begin = (): void => {
      forget();
      resolve();
    };
    const forget = onAbort(signal, () => {
      waiting.splice(waiting.indexOf(begin), 1);
      reject(signal?.reason);
    });
    waiting.push(begin);
  });
}

function take(): Service {
  for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
    if (kept.residentBytes() > 0) return kept;
    kept.end(); // whose memory cannot be looked at
  }
  return new Service();
}

class Service {
  readonly #esbuild: Esbuild;
  readonly #child: ChildProcess;
  #ended = false;
  #failure: Error | undefined;

  /** @throws SnapvmError `SNAPVM_JS_BUNDLE`, `SNAPVM_HOST_MEMORY` */
  constructor() {
    checkDescriptors();
    try {
      [this.#esbuild, this.#child] = start();
    } catch (cause) {
      throw asNotStarted(cause);
    }
    this.#child.once('error', (error) => {
      this.#ended = true;
      this.#failure = error;
    });
    this.#child.once('exit', () => {
      this.#ended = true;
    });
    preferToOthers(this.#child);
  }

  /** Does work alone; afterwards the process is kept or killed. */
  async use<T>(work: Work<T>, { bytes, ms, signal }: EsbuildLimits): Promise<T> {
    let stop: (why: unknown) => void = () => {};
    const stopped = new Promise<never>((_resolve, reject) => {
      stop = reject;
    });
    const late = setTimeout(() => stop(tooLong(ms)), ms);
    const look = setInterval(() => {
      if (this.residentBytes() > bytes) stop(tooMuch(bytes));
    }, LOOK_MS);
    const forget = onAbort(signal, () => stop(signal?.reason));
    try {
      const result = await Promise.race([this.#do(work), stopped]);
      if (!this.#ended && this.residentBytes() <= KEPT_BYTES) idle.push(this);
      else this.end();
      return result;
    } catch (error) {
      this.end(); // whatever it still does for the work
      throw error;
    } finally {
      forget();
      clearInterval(look);
      clearTimeout(late);
    }
  }

  end(): void {
    this.#child.kill('SIGKILL');
  }

  async #do<T>(work: Work<T>): Promise<T> {
    try {
      return await work(this.#esbuild);
    } catch (cause) {
      if (cause instanceof SnapvmError) throw cause;
      throw this.#failure === undefined && !isGone(cause) ? cause : asNotStarted(this.#failure ?? cause);
    }
  }

  /** Memory of its process, in bytes; 0 if it has ended. */
  residentBytes(): number {
    try {
      const [, pages] = readFileSync(`/proc/${this.#child.pid}/statm`, 'latin1').split(' ');
      return Number(pages) * PAGE_BYTES;
    } catch {
      return 0;
    }
  }
}

/** An instance of our own, since each has one process; and an application's may be in the middle of builds. */
function start(): [Esbuild, ChildProcess] {
  const require = createRequire(import.meta.url);
  const path = require.resolve('esbuild');
  const others = require.cache[path];
  Reflect.deleteProperty(require.cache, path);
  try {
    return inRoot(() => {
      const esbuild = require(path) as Esbuild;
      return [esbuild, childOf(() => void esbuild.initialize({}))];
    });
  } finally {
    if (others === undefined) Reflect.deleteProperty(require.cache, path);
    else Reflect.set(require.cache, path, others);
  }
}

/** The process that `body` starts. esbuild shows it to nobody. */
function childOf(body: () => void): ChildProcess {
  const require = createRequire(import.meta.url);
  const processes = require('node:child_process') as typeof import('node:child_process');
  const { spawn: theirs } = processes;
  let child: ChildProcess | undefined;
  // What it says when it breaks is long, and made by whoever breaks it.
  Reflect.set(processes, 'spawn', (command: string, args: readonly string[], options: SpawnOptions) => {
    child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'ignore'] });
    return child;
  });
  try {
    body();
  } finally {
    Reflect.set(processes, 'spawn', theirs);
  }
  if (child === undefined) throw new SnapvmError('SNAPVM_JS_BUNDLE', 'esbuild did not start its process');
  return child;
}

/** Where the system runs out of memory it is this process that is killed. */
function preferToOthers({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    writeFileSync(`/proc/${pid}/oom_score_adj`, '1000');
  } catch {
    // It has ended, or the system does not let us: nothing depends on it.
  }
}

/** esbuild starts its process where this one was when it was loaded, and that folder may be removed. */
function inRoot<T>(body: () => T): T {
  const { cwd } = process;
  Reflect.set(process, 'cwd', () => '/');
  try {
    return body();
  } finally {
    Reflect.set(process, 'cwd', cwd);
  }
}

function tooLong(ms: number): SnapvmError {
  return new SnapvmError(
    'SNAPVM_JS_BUNDLE',
    `esbuild did not answer for ${ms / 1000} s and was given up; is the module made to take long, or the machine overloaded?`,
    { limit: 'time', ms },
  );
}

function tooMuch(bytes: number): SnapvmError {
  return new SnapvmError(
    'SNAPVM_JS_BUNDLE',
    `esbuild took more than ${bytes} bytes of memory for the module and was given up; make the module smaller, or give it as { file }`,
    { limit: 'memory', bytes },
  );
}

function asNotStarted(cause: unknown): unknown {
  const code = (cause as NodeJS.ErrnoException).code ?? NOT_STARTED.exec(messageOf(cause))?.[1];
  if (code !== undefined && outOf(code) !== undefined) return notStarted(code, cause);
  if (NOT_STARTED.test(messageOf(cause))) return notStarted(code ?? '', cause);
  if (!isGone(cause)) return cause;
  const message =
    'esbuild ended while it had the module; is its code nested very deeply, or is there no room for its threads and memory?';
  return new SnapvmError('SNAPVM_JS_BUNDLE', message, {}, { cause });
}

function notStarted(code: string, cause: unknown): SnapvmError {
  const advice = outOf(code);
  const message = `esbuild, which bundles the module, cannot be started: ${advice ?? messageOf(cause)}`;
  return new SnapvmError(
    advice === undefined ? 'SNAPVM_JS_BUNDLE' : 'SNAPVM_HOST_MEMORY',
    message,
    {},
    { cause },
  );
}

/**
 * Where there are too few, esbuild fails in a way that ends the application: it listens to no error of its
 * process.
 */
function checkDescriptors(): void {
  const open: number[] = [];
  try {
    for (let i = 0; i < DESCRIPTORS; i++) open.push(openSync('/dev/null', 'r'));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (outOf(code) !== undefined) throw notStarted(code, error);
  } finally {
    for (const descriptor of open) closeSync(descriptor);
  }
}

/** Code that is nested half a million times ends its process. */
function isGone(error: unknown): boolean {
  return /^The service (?:was stopped|is no longer running)/.test(messageOf(error));
}
