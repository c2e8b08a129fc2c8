/** Native guests: ELF files made with the SDK, or that speak its ABI. Bytes in, bytes out. */

import { wrongKind } from '../../base/checks.js';
import { isBytes } from '../../base/realms.js';
import type { Codec } from '../guest.js';
import { inputBytes } from '../input.js';

const EMPTY = new Uint8Array(0);

export const nativeCodec: Codec = {
  callOptions: [],
  encode: (input) => inputBytes('input', input),
  decode: (output) => output,
  decodeHostCall: (payload) => ({ input: payload, args: [payload] }),
  encodeHostAnswer: (answer) => {
    if (answer === undefined) return EMPTY;
    if (typeof answer === 'string') return new TextEncoder().encode(answer);
    if (isBytes(answer)) return answer;
    throw wrongKind('the answer of the host function', answer, 'a Uint8Array, a string or undefined');
  },
};
