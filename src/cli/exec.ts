/** `snapvm exec`: runs a static Linux program once. */

import { SnapvmError } from '../base/errors.js';
import type { LinuxPolicy } from '../guests/linux/policy.js';
import type { LinuxSource } from '../guests/linux/source.js';
import type { LinuxResult } from '../guests/program-result.js';
import { ARENA_BYTES } from '../wire/ring.js';
import { type Arguments, defineCommand, UsageError } from './arguments.js';
import { BACKEND_FLAG, backendOption } from './backend-flag.js';
import { defined, SIZES_NOTE } from './guest-flags.js';
import { heading } from './help.js';
import { readInput } from './input.js';
import { printGuest, printGuestError, printJson, rounded, warn } from './output.js';
import { pairs } from './pairs.js';
import { withEngine } from './session.js';

const FLAGS = {
  file: {
    value: 'guest=host',
    help: 'A file or folder of the host at an absolute path of the guest; repeatable',
    offers: '=file',
  },
  env: { value: 'name=value', help: 'A variable of its environment, which is empty otherwise; repeatable' },
  cwd: { value: 'path', help: 'Its working directory (default /)' },
  argv0: { value: 'name', help: 'What it is called by (default: as typed)' },
  input: {
    value: 'text|@file|-',
    help: 'Standard input (default: that of this command, unless it is a terminal)',
    offers: '@file',
  },
  'timeout-ms': { value: 'n', help: 'Wall-clock limit (default 10000)' },
  'cpu-ms': { value: 'n', help: 'CPU-time limit (default: none)' },
  'max-exits': { value: 'n', help: 'System calls and faults of the call, together (default 1000000)' },
  'heap-bytes': { value: 'size', help: 'Memory for brk and mappings (default 64m)' },
  'stack-bytes': { value: 'size', help: 'Stack (default 8m)' },
  'output-bytes': { value: 'size', help: 'Most bytes of stdout and stderr, together (default 4m)' },
  clock: {
    value: 'date',
    help: 'Where its clock stands, such as 2026-01-31T12:00:00Z (default: the real clock)',
  },
  ...BACKEND_FLAG,
  json: {
    help: 'Print one JSON object: exitCode, stdout, stderr, hash, ms and more; or error',
  },
} as const;

type ExecArguments = Arguments<typeof FLAGS>;

const DEFAULT_TIMEOUT_MS = 10_000;

export const execCommand = defineCommand({
  name: 'exec',
  summary: 'Runs a static Linux program in a sandbox.',
  positionals: ['program'],
  rest: '[arguments]',
  offers: 'file',
  flags: FLAGS,
  notes: `Options of snapvm stand before the program, all behind it is the program's. Nothing of the host is there but
what --file gives. Its output goes to stdout and stderr byte for byte, and its exit code is this command's
(128 + n for signal n). On a terminal control characters are escaped; "| cat" shows
the bytes. ${SIZES_NOTE}

${heading('Examples')}
  snapvm exec /bin/busybox sh -c 'echo $((6*7))'
  snapvm exec /bin/busybox sha256sum < README.md
  snapvm exec --file /data=. /bin/busybox find /data -name '*.md'`,
  run: async (args) => {
    const [program = '', ...rest] = args.positionals;
    const source = sourceOf(program, rest, args);
    const policy = policyOf(args);
    return await withEngine({ ...backendOption(args), workers: 1 }, async (engine) => {
      const handle = await engine.define(programName(program), source, policy);
      const from = args.text('input') ?? (process.stdin.isTTY === true ? '' : '-');
      const input = await readInput('input', from, ARENA_BYTES / 2);
      const started = performance.now();
      const result = await handle.call(input).catch(async (error: unknown) => {
        if (!args.has('json')) await showPrinted(error);
        throw error;
      });
      const ms = rounded(performance.now() - started);
      if (args.has('json')) await printJson({ ...describe(result), hash: handle.hash, ms });
      else await show(result);
      return result.exitCode;
    });
  },
});

function sourceOf(linux: string, args: readonly string[], given: ExecArguments): LinuxSource {
  return {
    linux,
    args,
    env: pairs('env', given.texts('env'), 'name=value'),
    files: pairs('file', given.texts('file'), 'guest=host'),
    ...defined({ cwd: given.text('cwd'), argv0: given.text('argv0') }),
  };
}

function policyOf(args: ExecArguments): LinuxPolicy {
  return {
    timeoutMs: args.number('timeout-ms') ?? DEFAULT_TIMEOUT_MS,
    ...defined({
      cpuMs: args.number('cpu-ms'),
      maxExits: args.number('max-exits'),
      heapBytes: args.size('heap-bytes'),
      stackBytes: args.size('stack-bytes'),
      outputBytes: args.size('output-bytes'),
      clock: clockOf(args.text('clock')),
    }),
    inputBytes: ARENA_BYTES,
  };
}

function clockOf(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (!Number.isNaN(date.getTime())) return date;
  throw new UsageError(`--clock is ${JSON.stringify(text)}; it must be a date, such as 2026-01-31T12:00:00Z`);
}

async function show({ stdout, stderr, hint }: LinuxResult): Promise<void> {
  await printGuest(stdout);
  await printGuestError(stderr);
  if (hint !== undefined) warn(`snapvm: ${hint}`);
}

/** What the program wrote before it failed. */
async function showPrinted(error: unknown): Promise<void> {
  if (!(error instanceof SnapvmError)) return;
  const { stdout, stderr } = error.details;
  if (typeof stdout === 'string') await printGuest(Buffer.from(stdout));
  if (typeof stderr === 'string') await printGuestError(Buffer.from(stderr));
}

function describe({ stdout, stderr, ...rest }: LinuxResult) {
  return { ...rest, stdout: textOf(stdout), stderr: textOf(stderr) };
}

/** Bytes for JSON, which has none: text if they are UTF-8, else base64 in an object. */
function textOf(bytes: Uint8Array): string | { readonly base64: string } {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { base64: Buffer.from(bytes).toString('base64') };
  }
}

function programName(path: string): string {
  return path.replace(/^.*\/(?=.)/s, '').slice(0, 256) || 'program';
}
