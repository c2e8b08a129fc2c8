/** The raw KVM cost of a call on this machine (floor.c), to measure the engine against. */
import { execFile } from 'node:child_process';
import { rename, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export interface FloorOptions {
  /** Threads, each with a VM and a vCPU of its own. */
  readonly threads: number;
  /** Pages the guest writes in a call, and the host puts back. */
  readonly pages: number;
  /** Calls of each thread. */
  readonly runs: number;
}

/** Times are medians of the slowest thread, in microseconds. */
export interface FloorResult extends FloorOptions {
  /** From opening /dev/kvm to the end of the first run. */
  readonly create_us: number;
  /** Leave the guest and go back in, nothing else. */
  readonly exit_us: number;
  /** Ask for the dirty pages and copy them back. */
  readonly restore_us: number;
  /** A whole call: restore, registers, run. */
  readonly invoke_us: number;
  /** Calls of all threads together. */
  readonly invokes_per_s: number;
}

const SOURCE = fileURLToPath(new URL('../../../bench/floor/floor.c', import.meta.url));
const PROGRAM = fileURLToPath(new URL('floor', import.meta.url));
const COMPILER_OPTIONS = ['-O2', '-pthread', '-Wall', '-Wextra', '-Werror'];
const execute = promisify(execFile);

export async function runFloor(options: FloorOptions): Promise<FloorResult> {
  await build();
  const { threads, pages, runs } = options;
  const { stdout } = await execute(PROGRAM, ['-t', `${threads}`, '-p', `${pages}`, '-n', `${runs}`]);
  return JSON.parse(stdout) as FloorResult;
}

async function build(): Promise<void> {
  if ((await modified(PROGRAM)) > (await modified(SOURCE))) return;
  const unfinished = `${PROGRAM}.${process.pid}`; // another process may be running, or building, the program
  await execute(process.env['CC'] ?? 'cc', [...COMPILER_OPTIONS, SOURCE, '-o', unfinished]);
  await rename(unfinished, PROGRAM);
}

/** @returns when the file was last written, or -1 if it is not there */
async function modified(file: string): Promise<number> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return -1;
    throw error;
  }
}
