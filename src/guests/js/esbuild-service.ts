/**
 * esbuild, which is a process of its own, started when it is first needed. It is kept, and does not keep this process
 * alive: ending it would end the builds of an application that uses esbuild itself.
 */
import { SnapvmError } from '../../errors.js';

type Esbuild = typeof import('esbuild');
type Work<T> = (esbuild: Esbuild) => Promise<T>;

/** Code that is nested half a million times ends its process, and with it everybody's work. */
const GONE = /^The service (?:was stopped|is no longer running)/;

/** Settled when nothing is done alone any more. */
let alone: Promise<unknown> = Promise.resolve();

/** @throws SnapvmError `SNAPVM_JS_BUNDLE` when the work ends esbuild's process, alone as well; and what `work` throws */
export async function withEsbuild<T>(work: Work<T>): Promise<T> {
  for (let seen: unknown; seen !== alone; ) {
    seen = alone;
    await alone;
  }
  try {
    return await use(work);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
  // Whose work it was is not known: each is done again, one after the other.
  const again = alone.then(() => useAnew(work));
  alone = again.catch(() => {});
  return await again;
}

async function use<T>(work: Work<T>): Promise<T> {
  return await work(await import('esbuild'));
}

/** In a new process. */
async function useAnew<T>(work: Work<T>): Promise<T> {
  const esbuild = await import('esbuild');
  await esbuild.stop();
  try {
    return await use(work);
  } catch (cause) {
    if (!isGone(cause)) throw cause;
    await esbuild.stop();
    const message = 'esbuild ended while it had the module; is its code nested very deeply?';
    throw new SnapvmError('SNAPVM_JS_BUNDLE', message, {}, { cause });
  }
}

function isGone(error: unknown): boolean {
  return error instanceof Error && GONE.test(error.message);
}
