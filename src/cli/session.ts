/** Starts the engines of a command, and closes them at its end, after a failure and on a signal. */
import type { Engine } from '../engine/engine.js';
import type { EngineOptions } from '../engine/options.js';

/** What a command has to close. */
interface Closable {
  close(): Promise<void>;
}

const open = new Set<Closable>();
let leaving = false;
let drain: (() => void) | undefined;

/** Starts an engine, runs `work` with it, and closes it. */
export async function withEngine<Result>(
  options: EngineOptions,
  work: (engine: Engine) => Promise<Result>,
): Promise<Result> {
  // Loaded when it is needed: a help text should not wait until a worker pool has been read.
  const { Engine } = await import('../engine/engine.js');
  const engine = await Engine.start(options);
  return await closingOnSignal(engine, () => work(engine));
}

/** Runs `work`, and closes what it works with: at its end, after a failure and on a signal. */
export async function closingOnSignal<Result>(
  closable: Closable,
  work: () => Promise<Result>,
): Promise<Result> {
  open.add(closable);
  try {
    return await work();
  } finally {
    await closable.close();
    open.delete(closable);
  }
}

/** Whether a signal is ending the process: what fails from then on fails because of it, and is not worth a word. */
export function isLeaving(): boolean {
  return leaving && drain === undefined;
}

/** Resolves at a signal that asks the process to end: it is then up to the caller. A second one ends it at once. */
export function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    drain = resolve;
  });
}

/** Makes SIGINT and SIGTERM stop the guests and end the process, with the exit codes a shell would report. */
export function leaveOnSignals(): void {
  process.on('SIGINT', () => void leave(130));
  process.on('SIGTERM', () => void leave(143));
}

async function leave(exitCode: number): Promise<void> {
  // Who asks twice does not want to wait.
  if (leaving) process.exit(exitCode);
  leaving = true;
  if (drain !== undefined) return drain();
  await Promise.allSettled([...open].map((one) => one.close()));
  process.exit(exitCode);
}
