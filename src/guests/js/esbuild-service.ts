/**
 * esbuild, which is a process of its own, started when it is first needed. It is kept, and does not keep this
 * process alive.
 */
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { outOf } from '../../base/errno.js';
import { SnapvmError } from '../../base/errors.js';
import { clearTimeout, setTimeout } from '../../base/globals.js';
import { messageOf } from '../../base/realms.js';

type Esbuild = typeof import('esbuild');
type Work<T> = (esbuild: Esbuild) => Promise<T>;

/** Code that is nested half a million times ends its process, and with it everybody's work. */
const GONE = /^The service (?:was stopped|is no longer running)/;
/** What Node says of a program that cannot be run. */
const NOT_STARTED = /\bspawn\b.* (E[A-Z]+)/;
/** What starting a process takes of descriptors, and as much again for what other threads open meanwhile. */
const DESCRIPTORS = 16;
/** Far more than any bundle takes: after this its process does not answer, and is given up. */
const LIMIT_MS = 120_000;

let loaded: Esbuild | undefined;
/** Resolves when nothing is done alone any more. */
let alone: Promise<unknown> = Promise.resolve();

/**
 * @throws SnapvmError `SNAPVM_JS_BUNDLE` when esbuild's process cannot be started, does not answer, or is
 * ended by the work, alone as well; `SNAPVM_HOST_MEMORY` when there is no room for it; and what `work` throws
 */
export async function withEsbuild<T>(work: Work<T>, limitMs = LIMIT_MS): Promise<T> {
  for (let seen: unknown; seen !== alone; ) {
    seen = alone;
    await alone;
  }
  try {
    return await use(work, limitMs);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  // Whose work it was is not known: each is done again, one after the other.
  const again = alone.then(() => useAnew(work, limitMs));
  alone = again.catch(() => {});
  return await again;
}

async function use<T>(work: Work<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(noAnswer(limitMs)), limitMs);
  });
  try {
    checkDescriptors(); // loading it takes some as well, and says that there is no such module
    loaded ??= load();
    return await Promise.race([work(loaded), late]);
  } catch (cause) {
    const code = NOT_STARTED.exec(messageOf(cause))?.[1];
    throw code === undefined ? cause : notStarted(code, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** In a new process. */
async function useAnew<T>(work: Work<T>, limitMs: number): Promise<T> {
  await loaded?.stop();
  try {
    return await use(work, limitMs);
  } catch (cause) {
    if (!isGone(cause)) throw cause;
    await loaded?.stop();
    const message =
      'esbuild ended while it had the module; is its code nested very deeply, or is there no room for its threads and memory?';
    throw new SnapvmError('SNAPVM_JS_BUNDLE', message, {}, { cause });
  }
}

/** An instance of our own: an application's may be in the middle of builds when its process is ended. */
function load(): Esbuild {
  const require = createRequire(import.meta.url);
  const path = require.resolve('esbuild');
  const others = require.cache[path];
  Reflect.deleteProperty(require.cache, path);
  try {
    return inRoot(() => require(path) as Esbuild);
  } finally {
    Reflect.set(require.cache, path, others);
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

function noAnswer(limitMs: number): SnapvmError {
  void loaded?.stop();
  return new SnapvmError(
    'SNAPVM_JS_BUNDLE',
    `esbuild did not answer for ${limitMs / 1000} s and was given up; is its process stopped, or the machine overloaded?`,
  );
}

function notStarted(code: string, cause: unknown): SnapvmError {
  void loaded?.stop(); // the next one that is needed is started anew
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

function isGone(error: unknown): boolean {
  return GONE.test(messageOf(error)) && !(error instanceof SnapvmError);
}
