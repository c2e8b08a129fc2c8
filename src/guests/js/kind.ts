/** JavaScript functions: a module becomes a guest by specialising the runtime with it. */

import { MAX_IMAGE_BYTES, MESSAGE_HEADER_BYTES } from '../../base/abi.js';
import { checkNames, checkObject, checkWhole } from '../../base/checks.js';
import { roundUp } from '../../base/numbers.js';
import { CONFIG_OPTIONS, type SnapshotConfig } from '../../snapshot/environment.js';
import type { PreparedGuest } from '../guest.js';
import { guestKind, type KindSettings } from '../kind.js';
import { type Policy, SDK_OPTIONS, sizesIn } from '../policy.js';
import { jsCodec } from './codec.js';
import { prepareJs } from './prepare.js';
import { JS_LEAST, JS_MEMORY, JS_RUNTIME, loadJsRuntime } from './runtime.js';
import type { JsSource } from './source.js';
import type { StackMap } from './stack.js';

/** A JavaScript or TypeScript module. */
export interface JsFunctionSource {
  /**
   * Its default export is what `call` runs; named exports are further functions (`fn`). It and what it
   * imports are bundled and evaluated once, when the function is defined.
   */
  readonly js: JsSource;
}

/**
 * How a JavaScript function may run. Memory, stack and buffers have larger defaults: 64 MiB, 8 MiB and 1 MiB
 * each.
 */
export type JsPolicy = Omit<Policy, 'warm' | 'scratchBytes'>;

interface JsSettings extends KindSettings {
  readonly config: SnapshotConfig & Readonly<Record<keyof typeof JS_MEMORY, number>>;
}

interface PreparedFunction extends PreparedGuest {
  /** Reads the stacks of the module's errors. */
  readonly stacks: StackMap;
}

export const jsKind = guestKind<JsFunctionSource, JsSettings, PreparedFunction>({
  option: 'js',
  policyOptions: [...SDK_OPTIONS, ...CONFIG_OPTIONS.filter((option) => option !== 'scratchBytes')],
  defaults: { warm: 'ready', maxExits: 1_000_000 },
  check: (policy) => ({ config: { ...JS_MEMORY, ...sizesIn(policy) } }),
  prepare: prepareFunction,
  codec: ({ stacks }, { config }) => jsCodec(stacks, roundUp(withEngineStack(config).stackBytes)),
});

/**
 * Checks and bundles a module.
 * @throws SnapvmError `SNAPVM_CONFIG_*`, `SNAPVM_JS_SYNTAX`, `SNAPVM_JS_BUNDLE`
 */
async function prepareFunction(
  source: JsFunctionSource,
  { config }: JsSettings,
  signal?: AbortSignal,
): Promise<PreparedFunction> {
  const given = checkObject('source', source);
  checkNames('source', given, ['js']);
  for (const [name, least] of Object.entries(JS_LEAST))
    checkWhole(name, config[name as keyof typeof JS_LEAST], least, MAX_IMAGE_BYTES);
  const { input, stacks, warnings } = await prepareJs(
    given['js'],
    config.inputBytes - MESSAGE_HEADER_BYTES,
    signal,
  );
  return {
    environment: await loadJsRuntime(),
    config: withEngineStack({ ...config, inputBytes: bufferFor(input.length, config.inputBytes) }),
    internals: {},
    specialise: { input, warnings, runtime: JS_RUNTIME },
    stacks,
  };
}

/**
 * What the engine takes addresses of is on a stack of its own, which it watches: a quarter of the processor's, so
 * that it ends first nearly always, and no part of the heap.
 */
function withEngineStack(config: JsSettings['config']): JsSettings['config'] {
  const engineStack = roundUp(Math.ceil(config.stackBytes / 2));
  return { ...config, heapBytes: config.heapBytes + engineStack, stackBytes: 4 * engineStack };
}

/** A module that is larger than inputs may be gets a buffer of a size that others have too: they share a runtime. */
function bufferFor(bytes: number, inputBytes: number): number {
  const needed = bytes + MESSAGE_HEADER_BYTES;
  return needed <= inputBytes ? inputBytes : 2 ** Math.ceil(Math.log2(needed));
}
