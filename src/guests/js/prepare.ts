/** How a module becomes the input of the runtime. */

import { SnapvmError } from '../../base/errors.js';
import { bundleJs } from './bundle.js';
import { checkJsSource } from './source.js';
import { StackMap } from './stack.js';

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
 * @param room Bytes of the largest input the runtime takes.
 * @param signal Ends the bundling, with its reason.
 * @throws SnapvmError `SNAPVM_CONFIG_*`, `SNAPVM_JS_SYNTAX`, `SNAPVM_JS_BUNDLE`
 */
export async function prepareJs(source: unknown, room: number, signal?: AbortSignal): Promise<PreparedJs> {
  const bundle = await bundleJs(checkJsSource(source), signal);
  const { name, code, warnings } = bundle;
  const input = new TextEncoder().encode(`${name}\0${code}\0`);
  if (input.length > room) {
    throw new SnapvmError(
      'SNAPVM_JS_BUNDLE',
      `the module and what it imports have ${input.length} bytes; the input buffer holds ${room} (raise inputBytes in the policy)`,
      { bytes: input.length, room },
    );
  }
  return { input, stacks: new StackMap(bundle), warnings };
}
