/** `snapvm run`: calls one function once. */
import { MESSAGE_HEADER_BYTES } from '../base/abi.js';
import type { FunctionHandle } from '../engine/function-handle.js';
import { type Arguments, defineCommand, UsageError } from './arguments.js';
import { BACKEND_FLAG, backendOption } from './backend-flag.js';
import { defined, GUEST_FLAGS, guestEnvironment, memoryConfig, SIZES_NOTE } from './guest-flags.js';
import { heading } from './help.js';
import { readInput } from './input.js';
import { stderrLogger } from './log-lines.js';
import { printGuest, printJson, rounded } from './output.js';
import { withEngine } from './session.js';

const FLAGS = {
  fn: { value: 'name', help: 'Function to call (default: the first the guest exports)' },
  input: {
    value: 'text|@file|-',
    help: 'Input: text, the bytes of a file, or stdin (default: none)',
    offers: '@file',
  },
  'timeout-ms': { value: 'n', help: 'Wall-clock limit of the call (default 1000)' },
  'cpu-ms': { value: 'n', help: 'CPU-time limit of the call (default: none)' },
  'init-timeout-ms': { value: 'n', help: "Wall-clock limit of the guest's set-up (default 10000)" },
  'max-exits': { value: 'n', help: 'Log lines, prints and host calls of the call, together (default 10000)' },
  cold: { help: 'Set the guest up in the call instead of once before it' },
  'verify-restore': { help: 'Compare all guest memory with the snapshot before the call' },
  ...GUEST_FLAGS,
  ...BACKEND_FLAG,
  json: { help: 'Print one JSON object: output, encoding, fn, hash, ms, stats; or error' },
} as const;

type RunArguments = Arguments<typeof FLAGS>;

export const runCommand = defineCommand({
  name: 'run',
  summary: 'Calls a function of a guest in a sandbox and prints what it answers.',
  positionals: ['guest.elf'],
  offers: 'file',
  flags: FLAGS,
  notes: `${SIZES_NOTE}
The output goes to stdout byte for byte, log lines of the guest to stderr as "[level] text".
On a terminal control characters are escaped; "| cat" shows the bytes.

${heading('Examples')}
  snapvm run echo.elf --input hello
  snapvm run wordcount.elf --fn top --input @README.md
  head -c 64 /dev/urandom | snapvm run echo.elf --fn reverse --input - | xxd
  snapvm run spin.elf --timeout-ms 50; echo $?`,
  run: async (args) => {
    checkSources(args);
    const environment = await guestEnvironment(args.positional(0), args);
    return await withEngine({ ...backendOption(args), workers: 1, logger: stderrLogger }, async (engine) => {
      const handle = await engine.define(guestName(args.positional(0)), environment, policyOf(args));
      // Only now is it known how much fits: a pipe without an end must not fill this process.
      const { inputBytes } = handle.snapshot.layout;
      const input = await readInput('input', args.text('input') ?? '', inputBytes - MESSAGE_HEADER_BYTES);
      await callAndPrint(handle, input, args);
      return 0;
    });
  },
});

async function callAndPrint(handle: FunctionHandle, input: Uint8Array, args: RunArguments): Promise<void> {
  const fn = args.text('fn');
  const started = performance.now();
  const output = await handle.call(input, defined({ fn }));
  const ms = performance.now() - started;
  if (!args.has('json')) {
    await printGuest(output);
    return;
  }
  await printJson({
    ...encode(output),
    fn: fn ?? handle.functions[0],
    hash: handle.hash,
    ms: rounded(ms),
    stats: handle.lastCost,
  });
}

/** Stdin ends once it is read, so only one option can have it. */
function checkSources(args: RunArguments): void {
  if (args.text('input') !== '-' || args.text('init-data') !== '-') return;
  throw new UsageError('--input and --init-data cannot both be read from stdin');
}

function policyOf(args: RunArguments) {
  return {
    ...memoryConfig(args),
    ...defined({
      timeoutMs: args.number('timeout-ms'),
      cpuMs: args.number('cpu-ms'),
      maxExits: args.number('max-exits'),
      initTimeoutMs: args.number('init-timeout-ms'),
    }),
    warm: !args.has('cold'),
    verifyRestore: args.has('verify-restore'),
  };
}

/** The guest's name in messages: the file's, without folder and ending. */
function guestName(path: string): string {
  const name = path.replace(/^.*\/(?=.)/s, '').replace(/(?<=.)\.elf$/, '');
  return name === '' ? 'guest' : name.slice(0, 256);
}

/** Bytes for JSON, which has none: text if they are UTF-8, else base64. */
function encode(output: Uint8Array): { output: string; encoding: 'utf8' | 'base64' } {
  try {
    // A byte order mark is content here.
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(output);
    return { output: text, encoding: 'utf8' };
  } catch {
    return { output: Buffer.from(output).toString('base64'), encoding: 'base64' };
  }
}
