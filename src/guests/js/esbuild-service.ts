/**
 * esbuild, which is a process of its own, started when it is first needed. It is kept, and does not keep this process
 * alive: ending it would end the builds of an application that uses esbuild itself.
 */
import { closeSync, openSync } from 'node:fs';
import { clearTimeout, setTimeout } from 'node:timers'; // not those a test may have put in their place
import { outOf } from '../../errno.js';
import { SnapvmError } from '../../errors.js';

type Esbuild = typeof import('esbuild');
type Work<T> = (esbuild: Esbuild) => Promise<T>;

/** Code that is nested half a million times ends its process, and with it everybody's work. */
const GONE = /^The service (?:was stopped|is no longer running)/;
/** Its words when there was none to begin with. */
const NOT_STARTED = /: spawn .* (E[A-Z]+)$/;
/** What starting a process takes of descriptors, and as much again for what other threads open meanwhile. */
const DESCRIPTORS = 16;
/** A hundred times what a large application takes. */
const PATIENCE_MS = 120_000;

/** Settled when nothing is done alone any more. */
let alone: Promise<unknown> = Promise.resolve();

/**
 * @throws SnapvmError `SNAPVM_JS_BUNDLE` when the work ends esbuild's process, alone as well, or is not done in time;
 *   `SNAPVM_HOST_MEMORY` when it cannot be started; and what `work` throws
 */
export async function withEsbuild<T>(work: Work<T>, patienceMs = PATIENCE_MS): Promise<T> {
  for (let seen: unknown; seen !== alone; ) {
    seen = alone;
    await alone;
  }
  try {
    return await use(work, patienceMs);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  // Whose work it was is not known: each is done again, one after the other.
  const again = alone.then(() => useAnew(work, patienceMs));
  alone = again.catch(() => {});
  return await again;
}

async function use<T>(work: Work<T>, patienceMs: number): Promise<T> {
  const esbuild = await import('esbuild');
  checkDescriptors();
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    late = setTimeout(() => reject(tookTooLong(patienceMs)), patienceMs);
  });
  try {
    return await Promise.race([work(esbuild), tooLate]);
  } finally {
    clearTimeout(late);
  }
}

/** In a new process. */
async function useAnew<T>(work: Work<T>, patienceMs: number): Promise<T> {
  const esbuild = await import('esbuild');
  await esbuild.stop();
  try {
    return await use(work, patienceMs);
  } catch (cause) {
    if (!isGone(cause)) throw cause;
    await esbuild.stop();
    throw whyGone(cause);
  }
}

/** Where there are too few esbuild fails in a way that ends the application: it listens to no error of its process. */
function checkDescriptors(): void {
  const open: number[] = [];
  try {
    for (let i = 0; i < DESCRIPTORS; i++) open.push(openSync('/dev/null', 'r'));
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (outOf(code) !== undefined) throw cannotStart(code, error);
  } finally {
    for (const descriptor of open) closeSync(descriptor);
  }
}

function isGone(error: unknown): error is Error {
  return error instanceof Error && GONE.test(error.message);
}

function whyGone(cause: Error): SnapvmError {
  const code = NOT_STARTED.exec(cause.message)?.[1];
  if (code !== undefined) return cannotStart(code, cause);
  const message =
    'esbuild ended while it had the module; is its code nested very deeply, or is there no room for its threads and memory?';
  return new SnapvmError('SNAPVM_JS_BUNDLE', message, {}, { cause });
}

function cannotStart(code: string, cause: unknown): SnapvmError {
  const advice = outOf(code);
  const message = `esbuild, a process that JavaScript functions are bundled by, cannot be started: ${advice ?? code}`;
  return new SnapvmError(
    advice === undefined ? 'SNAPVM_JS_BUNDLE' : 'SNAPVM_HOST_MEMORY',
    message,
    {},
    { cause },
  );
}

function tookTooLong(patienceMs: number): SnapvmError {
  const message = `esbuild had the module for ${patienceMs / 1000} s and has not answered; its process may have been stopped`;
  return new SnapvmError('SNAPVM_JS_BUNDLE', message);
}
