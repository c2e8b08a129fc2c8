/** JavaScript functions: a module becomes a guest by specialising the runtime with it. */

import { MAX_IMAGE_BYTES, MESSAGE_HEADER_BYTES } from '../../base/abi.js';
import { checkNames, checkObject, checkWhole, invalidOption } from '../../base/checks.js';
import { roundUp } from '../../base/numbers.js';
import { CONFIG_OPTIONS, type SnapshotConfig } from '../../snapshot/environment.js';
import type { PreparedGuest } from '../guest.js';
import { type GivenPolicy, guestKind, type KindSettings } from '../kind.js';
import { type Policy, SDK_OPTIONS, sizesIn } from '../policy.js';
import { jsCodec } from './codec.js';
import { prepareJs } from './prepare.js';
import { JS_LEAST, JS_MEMORY, JS_RUNTIME, loadJsRuntime } from './runtime.js';
import type { JsSource } from './source.js';
import type { StackMap } from './stack.js';
import type { ValueRules } from './values.js';

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
export interface JsPolicy extends Omit<Policy, 'warm' | 'scratchBytes'> {
  /**
   * How values go to the function and come back: as structured clones, or as `JSON.stringify` writes them, which
   * calls `toJSON` and knows no Map, BigInt, NaN or cycle; a Uint8Array may be in any place. @default 'clone'
   */
  readonly values?: 'clone' | 'json';
}

interface JsSettings extends KindSettings {
  readonly values: ValueRules;
  readonly config: SnapshotConfig & Readonly<Record<keyof typeof JS_MEMORY, number>>;
}

interface PreparedFunction extends PreparedGuest {
  /** Reads the stacks of the module's errors. */
  readonly stacks: StackMap;
}

export const jsKind = guestKind<JsFunctionSource, JsSettings, PreparedFunction>({
  option: 'js',
  policyOptions: ['values', ...SDK_OPTIONS, ...CONFIG_OPTIONS.filter((option) => option !== 'scratchBytes')],
  defaults: { warm: 'ready', maxExits: 1_000_000 },
  check: (policy) => ({ config: { ...JS_MEMORY, ...sizesIn(policy) }, values: valuesIn(policy) }),
  prepare: prepareFunction,
  codec: ({ stacks }, { config, values }) =>
    jsCodec(stacks, roundUp(withEngineStack(config).stackBytes), values),
});

function valuesIn({ values }: GivenPolicy): ValueRules {
  if (values === undefined || values === 'clone') return 'clone';
  if (values === 'json') return values;
  throw invalidOption('values', values, "'clone' or 'json'");
}

/**
 * Checks and bundles a module.
 * @throws SnapvmError `SNAPVM_CONFIG_*`, `SNAPVM_JS_SYNTAX`, `SNAPVM_JS_BUNDLE`
 */
async function prepareFunction(
  source: JsFunctionSource,
  { config, values }: JsSettings,
  signal?: AbortSignal,
): Promise<PreparedFunction> {
  const given = checkObject('source', source);
  checkNames('source', given, ['js']);
  for (const [name, least] of Object.entries(JS_LEAST))
    checkWhole(name, config[name as keyof typeof JS_LEAST], least, MAX_IMAGE_BYTES);
  const { input, stacks, warnings } = await prepareJs(
    given['js'],
    values,
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
