/** Linux programs in a guest, and the same bytes run by this machine's Linux: what each says, compared. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Engine, LinuxResult } from '../../src/index.js';
import { runner } from './linux-build.js';

/** How a program is started. */
export interface Start {
  readonly args?: readonly string[];
  readonly argv0?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  readonly stdin?: Uint8Array | string;
}

/** What a program came to: text as Latin-1, so that every byte is compared. */
export interface Outcome {
  readonly exitCode: number;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** When files of a guest were changed last, as far as the guest can tell. */
const FILE_TIME_S = 0;
/** For programs that end by themselves, on a machine that has much to do. */
export const PATIENT = { timeoutMs: 20_000 } as const;
const SPAWN_LIMITS = { timeout: 60_000, maxBuffer: 1 << 28 } as const;

function bytesOf(value: Uint8Array | string): Uint8Array {
  return typeof value === 'string' ? Buffer.from(value) : value;
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

/** Runs a program on this machine's Linux in a folder of its own. */
export function onLinux(path: string, start: Start = {}): Outcome {
  const root = mkdtempSync(join(tmpdir(), 'snapvm-linux-'));
  try {
    const program = `/bin/${basename(path)}`; // where a guest's program stands
    mkdirSync(join(root, 'bin'));
    copyFileSync(path, join(root, program));
    mkdirSync(join(root, 'tmp'));
    mkdirSync(join(root, start.cwd ?? '/'), { recursive: true });
    for (const [name, content] of Object.entries(start.files ?? {})) {
      const file = join(root, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytesOf(content), { mode: 0o644 });
      utimesSync(file, FILE_TIME_S, FILE_TIME_S);
    }
    const args = [root, start.cwd ?? '/', program, start.argv0 ?? basename(path), ...(start.args ?? [])];
    const input = Buffer.from(bytesOf(start.stdin ?? ''));
    const run = spawnSync(runner(), args, { env: { ...start.env }, input, ...SPAWN_LIMITS });
    if (run.error !== undefined && !('code' in run.error && run.error.code === 'EPIPE')) throw run.error;
    if (run.status === 125 && text(run.stderr).startsWith('linux-runner:')) throw new Error(text(run.stderr));
    const signal = run.signal ?? undefined;
    const exitCode = run.status ?? 128 + (signal === undefined ? 0 : constants.signals[signal]);
    return { exitCode, signal, stdout: text(run.stdout), stderr: text(run.stderr) };
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** A guest's result in the form in which outcomes are compared. */
export function outcomeOf(result: LinuxResult): Outcome {
  const { exitCode, signal, stdout, stderr } = result;
  return { exitCode, signal, stdout: text(stdout), stderr: text(stderr) };
}

let lastName = 0;
/** Names no other definition of this process has. */
export function uniqueName(): string {
  return `program${++lastName}`;
}

/** Defines a program, runs it once and undefines it. */
export async function inGuest(engine: Engine, path: string, start: Start = {}): Promise<LinuxResult> {
  const { stdin, args, argv0, env, cwd, files } = start;
  const source = {
    linux: path,
    argv0: argv0 ?? basename(path),
    ...(args !== undefined && { args }),
    ...(env !== undefined && { env }),
    ...(cwd !== undefined && { cwd }),
    ...(files !== undefined && {
      files: Object.fromEntries(Object.entries(files).map(([name, content]) => [name, bytesOf(content)])),
    }),
  };
  const handle = await engine.define(uniqueName(), source, PATIENT);
  try {
    return await handle.call(stdin);
  } finally {
    await handle.undefine();
  }
}

/** The program says the same in a guest as on this machine's Linux, byte for byte; gives what it said. */
export async function assertSame(
  t: ExecutionContext,
  engine: Engine,
  path: string,
  start: Start = {},
): Promise<LinuxResult> {
  const expected = onLinux(path, start);
  const result = await inGuest(engine, path, start);
  t.deepEqual(outcomeOf(result), expected);
  t.deepEqual(result.unhandledSyscalls, []);
  return result;
}
