/** Inputs of calls: from a body, or from a part of a JSON list. */

import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import type { SourceKind, Version } from '../functions/model.js';
import { parseJson } from './json.js';
import { BYTES_TYPE, JSON_TYPE } from './media.js';
import { badMedia, badRequest } from './request-error.js';

const JS_INPUT_BYTES = 2 ** 20;
/** JSON has at most so many bytes for one that the function gets: six for a control character, and some space. */
const MOST_JSON = 8;

/**
 * What a version is called with.
 * @throws SnapvmError `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_MEDIA`, `SNAPVM_CALL_INPUT_TOO_LARGE`
 */
export function inputFromBody(
  { kind, policy }: Pick<Version, 'kind' | 'policy'>,
  body: Uint8Array,
  type: string | undefined,
): unknown {
  if (kind === 'native' || kind === 'linux') return body;
  if (body.length === 0 && type !== BYTES_TYPE) return undefined;
  if (type === JSON_TYPE) {
    const { inputBytes = JS_INPUT_BYTES } = policy as { readonly inputBytes?: number };
    // Nobody else is answered while it is parsed.
    if (body.length > inputBytes * MOST_JSON) throw tooLargeInput(body.length, inputBytes);
    return parseJson(body, 'the body');
  }
  if (type === BYTES_TYPE) return body;
  throw badMedia(type, [JSON_TYPE, BYTES_TYPE]);
}

function tooLargeInput(bytes: number, room: number): SnapvmError {
  return new SnapvmError(
    'SNAPVM_CALL_INPUT_TOO_LARGE',
    `the input has ${bytes} bytes of JSON, and the function takes inputs of ${room} bytes (inputBytes)`,
    { room },
  );
}

/** The same of one input of many. @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
export function inputFromJson(kind: SourceKind, given: unknown): unknown {
  if (kind === 'js' || kind === 'ts') return given;
  if (typeof given === 'string') return given;
  const { base64, ...others } = Object(given) as { base64?: unknown };
  if (typeof base64 === 'string' && Object.keys(others).length === 0 && isBase64(base64))
    return new Uint8Array(Buffer.from(base64, 'base64'));
  throw badRequest(`the input is ${show(given)}; it must be a text, or { "base64": "…" }`);
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
