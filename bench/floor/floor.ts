/** The raw KVM cost of a call (floor.c) and of creating (create.c) on this machine, to measure the engine against. */
import { execFile } from 'node:child_process';
import { rename, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type ProbedBackend, probeBackend } from '../../src/engine/backend.js';

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

export interface CreateOptions {
  readonly imagePages: number;
  readonly scratchPages: number;
  readonly runs: number;
  /** VMs to measure the memory of. */
  readonly machines: number;
}

/** Times are medians, in microseconds. */
export interface CreateResult {
  /** A VM with a vCPU and its memory. */
  readonly vm_us: number;
  /** The memory alone, given to a VM that has none. */
  readonly shell_us: number;
  /** The tenth percentile of that: a grace period takes longer when a processor has to wake up for it. */
  readonly shell_least_us: number;
  /** What a VM that has run takes of the system's memory, beyond the guest pages that were written. */
  readonly vm_bytes: number;
}

const SOURCES = fileURLToPath(new URL('../../../bench/floor/', import.meta.url));
const PROGRAMS = fileURLToPath(new URL('./', import.meta.url));
const COMPILER_OPTIONS = ['-O2', '-pthread', '-Wall', '-Wextra', '-Werror'];
const execute = promisify(execFile);

/** Whether this machine has the KVM that the floor is measured on. */
export async function hasFloor(): Promise<boolean> {
  kvm ??= probeBackend('kvm');
  return (await kvm).usable;
}
let kvm: Promise<ProbedBackend> | undefined;

export async function runFloor({ threads, pages, runs }: FloorOptions): Promise<FloorResult> {
  return (await run('floor', { t: threads, p: pages, n: runs })) as FloorResult;
}

export async function runCreate(options: CreateOptions): Promise<CreateResult> {
  const { imagePages, scratchPages, runs, machines } = options;
  return (await run('create', { i: imagePages, s: scratchPages, n: runs, m: machines })) as CreateResult;
}

async function run(name: string, options: Readonly<Record<string, number>>): Promise<unknown> {
  const args = Object.entries(options).flatMap(([option, value]) => [`-${option}`, `${value}`]);
  const { stdout } = await execute(await build(name), args);
  return JSON.parse(stdout);
}

/** @returns where the program is */
async function build(name: string): Promise<string> {
  const source = `${SOURCES}${name}.c`;
  const program = `${PROGRAMS}${name}`;
  const written = Math.max(await modified(source), await modified(`${SOURCES}machine.h`));
  if ((await modified(program)) > written) return program;
  const unfinished = `${program}.${process.pid}`; // another process may be running, or building, the program
  await execute(process.env['CC'] ?? 'cc', [...COMPILER_OPTIONS, source, '-o', unfinished]);
  await rename(unfinished, program);
  return program;
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
