/**
 * Remembers the line that made a call. An error of the call is created later, when that line is on no stack
 * any more.
 */

/**
 * Most stack frames that are kept. The first costs a call some 1.5 µs on the development machine, each other
 * 0.1.
 */
const FRAMES = 8;

/** The stack of the caller's caller: the public function calls this first. Never throws. */
export function callSite(): Error {
  const limit = Error.stackTraceLimit;
  limitStack(Math.min(limit, FRAMES));
  const site = new Error();
  limitStack(limit);
  return site;
}

/** Makes errors without a stack, which takes most of the time. @throws what `make` throws */
export function withoutStack<T>(make: () => T): T {
  const limit = Error.stackTraceLimit;
  limitStack(0);
  try {
    return make();
  } finally {
    limitStack(limit);
  }
}

/** Sets how many frames an error has. A program may have frozen Error, or have removed the limit. */
function limitStack(frames: number): void {
  if (!(frames >= 0)) return;
  try {
    Error.stackTraceLimit = frames;
  } catch {
    // The error then has as many frames as the program says.
  }
}

/** Gives the error the stack of the call instead of its own. Never throws. */
export function blame<E>(error: E, site: Error): E {
  if (!(error instanceof Error)) return error;
  try {
    // Whatever Error.prepareStackTrace makes of it, or throws. The first two lines: "Error", this file's own frame.
    const stack: unknown = site.stack;
    if (typeof stack !== 'string') return error;
    const frames = stack.split('\n').slice(2);
    error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  } catch {
    // The error keeps its own stack.
  }
  return error;
}
