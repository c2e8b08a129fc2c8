/** linux.elf for the cases of this area, and what it said. */
import assert from 'node:assert/strict';
import type { LinuxHandle, LinuxPolicy, LinuxResult, LinuxSource } from '../../src/index.js';
import type { Context } from './context.js';
import { guestPath, PATIENT } from './guest.js';

const LIMITS = { timeoutMs: PATIENT.timeoutMs };
const PATH = guestPath('conformance/linux');

let lastName = 0;
/** The program, in the engine all cases share, until the case ends. */
export async function program(
  context: Context,
  source: Partial<LinuxSource> = {},
  policy: LinuxPolicy = {},
): Promise<LinuxHandle> {
  const engine = await context.engine();
  const handle = await engine.define(
    `linux-${++lastName}`,
    { linux: PATH, ...source },
    { ...LIMITS, ...policy },
  );
  context.defer(() => handle.undefine());
  return handle;
}

export function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** The answer of a part that ends by itself, with that exit code. */
export async function said(
  handle: LinuxHandle,
  args: readonly string[],
  stdin = '',
  exitCode = 0,
): Promise<string> {
  const result = await handle.call(stdin, { args });
  assert.equal(result.exitCode, exitCode, show(result));
  assert.equal(result.signal, undefined);
  assert.deepEqual(result.unhandledSyscalls, []);
  return text(result.stdout);
}

function show({ exitCode, signal, stdout, stderr }: LinuxResult): string {
  return JSON.stringify({ exitCode, signal, stdout: text(stdout), stderr: text(stderr) });
}
