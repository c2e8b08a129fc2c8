/** Where a call was made, so that its error can say so: errors come to be later, from nobody's line. */

/** Frames kept: each costs a call some 0.1 us on the development machine, the first 1.5. */
const FRAMES = 8;

/** To be called by the function that callers call. Never throws. */
export function callSite(): Error {
  const limit = Error.stackTraceLimit;
  limitStack(Math.min(limit, FRAMES));
  const site = new Error();
  limitStack(limit);
  return site;
}

/** A program may have frozen Error, or have no limit at all. */
function limitStack(frames: number): void {
  if (!(frames >= 0)) return;
  try {
    Error.stackTraceLimit = frames;
  } catch {
    // As many frames as it says, then.
  }
}

/** The error with the stack of the call in place of its own. Never throws. */
export function blame<E>(error: E, site: Error): E {
  if (!(error instanceof Error)) return error;
  try {
    // Whatever Error.prepareStackTrace makes of it, or throws. The first two lines: "Error", this file's own frame.
    const stack: unknown = site.stack;
    if (typeof stack !== 'string') return error;
    const frames = stack.split('\n').slice(2);
    error.stack = [`${error.name}: ${error.message}`, ...frames].join('\n');
  } catch {
    // It keeps its own.
  }
  return error;
}
