/** Options that say what a guest is built from; `run` and `inspect` share them, so that they see the same snapshot. */
import type { GuestEnvironment, SnapshotConfig } from '../snapshot/environment.js';
import { type Arguments, type Flags, UsageError } from './arguments.js';
import { readInput } from './input.js';

const LOG_LEVELS: readonly string[] = ['off', 'error', 'warn', 'info', 'debug', 'trace'];

export const GUEST_FLAGS = {
  supervisor: { help: 'Run in ring 0 with the supervisor layout (default: ring 3, W^X)' },
  'init-data': {
    value: 'text|@file|-',
    help: "Initial data, read-only, a part of the guest's image",
    offers: '@file',
  },
  'heap-bytes': { value: 'size', help: 'Heap (default 128k)' },
  'stack-bytes': { value: 'size', help: 'Stack of a ring 3 guest (default 256k)' },
  'input-bytes': { value: 'size', help: 'Input buffer, 64 bytes of header included (default 16k)' },
  'output-bytes': { value: 'size', help: 'Output buffer, 64 bytes of header included (default 16k)' },
  'scratch-bytes': {
    value: 'size',
    help: 'Memory beside the image: buffers, tables, stacks (default: as needed)',
  },
  'log-level': {
    value: 'level',
    help: 'off, error, warn, info, debug or trace (default info)',
    offers: LOG_LEVELS,
  },
} as const satisfies Flags;

export const SIZES_NOTE = 'Sizes are bytes: 65536, 0x10000 or 64k (k, m, g: powers of 1024).';

const MAX_INIT_DATA = 0x8000_0000;

type GuestArguments = Arguments<typeof GUEST_FLAGS>;

/** @throws FileError, SnapvmError when the initial data cannot be read */
export async function guestEnvironment(elf: string, args: GuestArguments): Promise<GuestEnvironment> {
  const initData = args.text('init-data');
  return {
    elf,
    privilege: args.has('supervisor') ? 'supervisor' : 'user',
    ...(initData !== undefined && { initData: await readInput('init-data', initData, MAX_INIT_DATA) }),
  };
}

/** @throws UsageError */
export function memoryConfig(args: GuestArguments): SnapshotConfig {
  return defined({
    heapBytes: args.size('heap-bytes'),
    stackBytes: args.size('stack-bytes'),
    inputBytes: args.size('input-bytes'),
    outputBytes: args.size('output-bytes'),
    scratchBytes: args.size('scratch-bytes'),
    logLevel: logLevel(args.text('log-level')),
  });
}

/** Without the fields that are undefined: options that were not given must not be there at all. */
export function defined<T extends Readonly<Record<string, unknown>>>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> };
}

function logLevel(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const byName = LOG_LEVELS.indexOf(text.toLowerCase());
  const level = byName >= 0 ? byName : /^[0-5]$/.test(text) ? Number(text) : undefined;
  if (level !== undefined) return level;
  throw new UsageError(
    `--log-level is ${JSON.stringify(text)}; it must be one of ${LOG_LEVELS.join(', ')} or a number from 0 to 5`,
  );
}
