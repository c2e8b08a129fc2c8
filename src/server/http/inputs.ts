/** Inputs of calls: from a body, or from a part of a JSON list. */

import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import type { SourceKind, Version } from '../functions/model.js';
import { type JsonBounds, parseJson } from './json.js';
import { BYTES_TYPE, JSON_TYPE } from './media.js';
import { badMedia, badRequest } from './request-error.js';

const JS_INPUT_BYTES = 2 ** 20;
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
    return parseJson(body, 'the body', boundsFor({ kind, policy }));
  }
  if (type === BYTES_TYPE) return body;
  throw badMedia(type, [JSON_TYPE, BYTES_TYPE]);
}

/** What the JSON of an input may have: nothing is parsed that the function would not be given. */
export function boundsFor({ kind, policy }: Pick<Version, 'kind' | 'policy'>): JsonBounds {
  if (kind === 'native' || kind === 'linux') return {};
  const { inputBytes = JS_INPUT_BYTES } = policy as { readonly inputBytes?: number };
  return { bytes: inputBytes, tooLong: () => tooLargeInput(inputBytes) };
}

function tooLargeInput(room: number): SnapvmError {
  return new SnapvmError(
    'SNAPVM_CALL_INPUT_TOO_LARGE',
    `the input has more than ${room} bytes as JSON without white space, and the function takes inputs of ${room} ` +
      'bytes (inputBytes)',
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
