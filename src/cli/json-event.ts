/** What a JavaScript function is called with, as the command line gives it. */
import type { JsValue } from '../base/js-value.js';
import { ARENA_BYTES } from '../wire/ring.js';
import { UsageError } from './arguments.js';
import { readInput } from './input.js';

/** The value that `--event` gives; `undefined` without one. @throws UsageError when it is no JSON; FileError */
export async function readEvent(source: string | undefined): Promise<JsValue> {
  if (source === undefined) return undefined;
  const text = new TextDecoder().decode(await readInput('event', source, ARENA_BYTES));
  try {
    return JSON.parse(text) as JsValue;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--event is not JSON: ${reason}`);
  }
}
