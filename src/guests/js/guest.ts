/** JavaScript functions: how a module becomes a guest, which is the runtime specialised with it. */
import { MAX_IMAGE_BYTES, MESSAGE_HEADER_BYTES } from '../../base/abi.js';
import { checkNames, checkObject, checkWhole } from '../../base/checks.js';
import { roundUp } from '../../base/numbers.js';
import type { SnapshotConfig } from '../../snapshot/environment.js';
import type { Codec, Guest } from '../guest.js';
import {
  decodeHostCall,
  decodeValue,
  encodeHostAnswer,
  encodeValue,
  JS_LEAST,
  JS_MEMORY,
  type JsSource,
  jsFailure,
  jsFault,
  loadJsRuntime,
  prepareJs,
  type StackMap,
} from './index.js';

/** A JavaScript or TypeScript module. */
export interface JsFunctionSource {
  /**
   * Its default export is what `call` runs; named exports are further functions (`fn`). It and what it imports are
   * bundled and evaluated once, when the function is defined.
   */
  readonly js: JsSource;
}

/** @throws SnapvmError `SNAPVM_CONFIG_*`, `SNAPVM_JS_SYNTAX`, `SNAPVM_JS_BUNDLE` */
export async function prepareJsFunction(source: JsFunctionSource, memory: SnapshotConfig): Promise<Guest> {
  const given = checkObject('source', source);
  checkNames('source', given, ['js']);
  const config = { ...JS_MEMORY, ...memory };
  for (const [name, least] of Object.entries(JS_LEAST))
    checkWhole(name, config[name as keyof typeof JS_LEAST], least, MAX_IMAGE_BYTES);
  const { input, stacks, warnings } = await prepareJs(given['js'], config.inputBytes - MESSAGE_HEADER_BYTES);
  return {
    environment: await loadJsRuntime(),
    config,
    internals: {},
    codec: jsCodec(stacks, roundUp(config.stackBytes)),
    specialise: { input, warnings },
  };
}

function jsCodec(stacks: StackMap, stackBytes: number): Codec {
  return {
    callOptions: [],
    encode: (input) => encodeValue(input, 'input'),
    decode: decodeValue,
    failed: (code, output, where, details) => jsFailure(code, output, { where, details, stacks }),
    faulted: (fault, where, details) => jsFault(fault, stackBytes, where, details),
    logLine: (text) => stacks.logLine(text),
    decodeHostCall,
    encodeHostAnswer,
  };
}
