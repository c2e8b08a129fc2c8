/** How a module becomes the input of the runtime. */

import { SnapvmError } from '../../base/errors.js';
import { bundleJs } from './bundle.js';
import { checkJsSource } from './source.js';
import { StackMap } from './stack.js';
import type { ValueRules } from './values.js';

/** Of a module and what it imports, whatever inputs the policy allows. */
const MOST_BYTES = 16 * 2 ** 20;
/** As guest/js/main.c reads them. */
const RULES: Readonly<Record<ValueRules, string>> = { clone: 'c', json: 'j' };

/** A module, ready for the runtime's function `define`. */
export interface PreparedJs {
  /** The input of the call that evaluates it. */
  readonly input: Uint8Array;
  /** Reads the stacks of its errors. */
  readonly stacks: StackMap;
  /** What esbuild finds odd about it, for the log. */
  readonly warnings: readonly string[];
}

/**
 * Bundles a module and what it imports.
 * @param rules Those of its values, which are part of what it is.
 * @param room Bytes of the largest input the policy allows; a module may have 16 MiB all the same.
 * @param signal Ends the bundling, with its reason.
 * @throws SnapvmError `SNAPVM_CONFIG_*`, `SNAPVM_JS_SYNTAX`, `SNAPVM_JS_BUNDLE`
 */
export async function prepareJs(
  source: unknown,
  rules: ValueRules,
  room: number,
  signal?: AbortSignal,
): Promise<PreparedJs> {
  const bundle = await bundleJs(checkJsSource(source), signal);
  const { name, code, warnings } = bundle;
  const input = new TextEncoder().encode(`${RULES[rules]}${name}\0${code}\0`);
  const most = Math.max(room, MOST_BYTES);
  if (input.length > most) {
    throw new SnapvmError(
      'SNAPVM_JS_BUNDLE',
      `the module and what it imports have ${input.length} bytes; at most ${most} are taken (raise inputBytes in the policy for more)`,
      { bytes: input.length, room: most },
    );
  }
  return { input, stacks: new StackMap(bundle), warnings };
}
