/** What the tools of assistants are made with, and its checks. */

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { BackendChoice } from '../../base/backend-name.js';
import {
  checkBoolean,
  checkMs,
  checkNames,
  checkObject,
  checkWhole,
  invalidOption,
} from '../../base/checks.js';

/** Tools for assistants, by the Model Context Protocol. */
export interface McpOptions {
  /** Whether there is the tool `run_javascript`. @default true */
  readonly javascript?: boolean;
  /**
   * Static Linux programs that the tool `run_linux` may run: a name, by which each is called (`argv[0]`), and the path
   * of its ELF. @default none, and no such tool
   */
  readonly programs?: Readonly<Record<string, string>>;
  /** Milliseconds that code or a program may run, up to 10 minutes. A call may ask for less. @default 5000 */
  readonly timeoutMs?: number;
  /** Memory of code or a program in bytes, 8 MiB to 1 GiB. @default 64 MiB */
  readonly heapBytes?: number;
  /** Characters of an answer, 1000 to 1,000,000; what is more is cut off, and the answer says so. @default 20000 */
  readonly outputCharacters?: number;
  /** How many runs of code and programs there may be at a time, 1 to 64; more wait. @default 2 */
  readonly concurrent?: number;
}

/** The options, complete. */
export interface CheckedMcp {
  readonly javascript: boolean;
  readonly programs: ReadonlyMap<string, string>;
  readonly timeoutMs: number;
  readonly heapBytes: number;
  readonly outputCharacters: number;
  readonly concurrent: number;
  readonly backend: BackendChoice | undefined;
}

const NAMES = ['javascript', 'programs', 'timeoutMs', 'heapBytes', 'outputCharacters', 'concurrent'] as const;
const MIB = 2 ** 20;
const MOST_TIMEOUT_MS = 600_000;
const PROGRAM_NAME = /^[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}$/;

/** @throws SnapvmError `SNAPVM_CONFIG_*` */
export function checkMcp(options: unknown, backend: BackendChoice | undefined): CheckedMcp {
  const given = checkObject('mcp', options);
  checkNames('mcp', given, NAMES);
  const timeoutMs = checkMs('mcp.timeoutMs', given['timeoutMs']) ?? 5000;
  if (timeoutMs > MOST_TIMEOUT_MS)
    throw invalidOption('mcp.timeoutMs', timeoutMs, `at most ${MOST_TIMEOUT_MS}`);
  return {
    javascript: checkBoolean('mcp.javascript', given['javascript']) ?? true,
    programs: checkPrograms(given['programs'] ?? {}),
    timeoutMs,
    heapBytes: checkWhole('mcp.heapBytes', given['heapBytes'], 8 * MIB, 1024 * MIB) ?? 64 * MIB,
    outputCharacters:
      checkWhole('mcp.outputCharacters', given['outputCharacters'], 1000, 1_000_000) ?? 20_000,
    concurrent: checkWhole('mcp.concurrent', given['concurrent'], 1, 64) ?? 2,
    backend,
  };
}

/** What is no file shows when a server starts, and not when an assistant runs it. @throws SnapvmError `SNAPVM_CONFIG_VALUE` */
export async function findPrograms({ programs }: CheckedMcp): Promise<void> {
  for (const [name, path] of programs) {
    await access(path, constants.R_OK).catch(() => {
      throw invalidOption(
        `mcp.programs.${name}`,
        path,
        'the path of a static Linux program that can be read',
      );
    });
  }
}

function checkPrograms(given: unknown): ReadonlyMap<string, string> {
  const programs = new Map<string, string>();
  for (const [name, path] of Object.entries(checkObject('mcp.programs', given))) {
    if (!PROGRAM_NAME.test(name))
      throw invalidOption('mcp.programs', name, 'names of letters, digits and _ . + -, at most 64');
    if (typeof path !== 'string' || path === '' || path.includes('\0'))
      throw invalidOption(`mcp.programs.${name}`, path, 'a path');
    programs.set(name, path);
  }
  return programs;
}
