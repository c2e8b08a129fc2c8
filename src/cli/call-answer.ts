/** Prints what a function of a server answered. */
import type { ProgramOutput, ProgramResult } from '../client/types.js';
import { printGuest, printGuestError, printJson } from './output.js';
import { printable } from './printable.js';

/** JSON, or bytes as they are; nothing for `undefined`. */
export async function printAnswer(result: unknown): Promise<void> {
  if (result instanceof Uint8Array) await printGuest(result);
  else if (result !== undefined) await printJson(printable(result));
}

/** What a program wrote, to where it wrote it. */
export async function printProgram({ stdout, stderr }: ProgramResult): Promise<void> {
  await printGuest(bytesOf(stdout));
  await printGuestError(bytesOf(stderr));
}

function bytesOf(output: ProgramOutput): Uint8Array {
  return typeof output === 'string' ? Buffer.from(output) : Buffer.from(output.base64, 'base64');
}
