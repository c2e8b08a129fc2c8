/** What a Linux program is called with, as bytes. native/sandbox/sandbox_linux.cc is the other side. */

import { invalidOption } from '../../base/checks.js';
import { GuestError } from '../../base/errors.js';
import type { Codec } from '../guest.js';
import { inputBytes } from '../input.js';
import { decodeResult } from '../program-result.js';
import { checkArgs } from './source.js';

const ENCODER = new TextEncoder();

/** The codec of a program, whose calls begin at its start or where it first read its standard input. */
export function programCodec(startsAtRead: boolean): Codec {
  return {
    callOptions: ['args', 'onStdout'],
    encode: (input, { args, onStdout }) => {
      if (onStdout !== undefined && typeof onStdout !== 'function')
        throw invalidOption('onStdout', onStdout, 'a function');
      if (args !== undefined && startsAtRead)
        throw invalidOption(
          'args',
          args,
          "left out: with warm: 'stdin' the program has read its arguments already",
        );
      const checked = args === undefined ? undefined : checkArgs(args);
      return encodeInput(inputBytes('stdin', input), checked, onStdout !== undefined);
    },
    takeOutput: ({ onStdout }) => onStdout as ((bytes: Uint8Array) => unknown) | undefined,
    decode: decodeResult,
    endedEarly,
    decodeHostCall: (payload) => ({ input: payload, args: [] }),
    encodeHostAnswer: () => new Uint8Array(0),
  };
}

/** The error of a program that ended before it read, so that its calls have no state to begin with. */
function endedEarly(output: Uint8Array, name: string): GuestError {
  const { exitCode, signal, stderr } = decodeResult(output);
  const said = new TextDecoder().decode(stderr.subarray(0, 200)).trim();
  return new GuestError(
    'SNAPVM_LINUX_NO_READ',
    `${name}: the program ended ${signal === undefined ? `with exit code ${exitCode}` : `by ${signal}`} without reading its standard input, so there is no moment to freeze it at (warm: 'stdin')${said === '' ? '' : `: ${JSON.stringify(said)}`}`,
    { function: name, exitCode, signal },
  );
}

/** Beside the count of arguments: the output is handed out while the program runs. */
const HANDS_OUT = 0x8000_0000;

/** Gives the input of a call: standard input, and arguments if they replace those of the definition. */
function encodeInput(stdin: Uint8Array, args: readonly string[] | undefined, handsOut: boolean): Uint8Array {
  const texts = (args ?? []).map((arg) => ENCODER.encode(arg));
  const bytes = 4 + texts.reduce((sum, text) => sum + 4 + text.length, 0);
  const input = new Uint8Array(bytes + stdin.length);
  const view = new DataView(input.buffer);
  view.setUint32(0, (args === undefined ? 0 : texts.length + 1) + (handsOut ? HANDS_OUT : 0), true);
  let at = 4;
  for (const text of texts) {
    view.setUint32(at, text.length, true);
    input.set(text, at + 4);
    at += 4 + text.length;
  }
  input.set(stdin, at);
  return input;
}
