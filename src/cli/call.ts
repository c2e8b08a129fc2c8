/** `snapvm call`: calls a function of a server. */
import type { CallInfo, ProgramOutput, ProgramResult } from '../client/types.js';
import { ARENA_BYTES } from '../wire/ring.js';
import { type Arguments, defineCommand, UsageError } from './arguments.js';
import { defined } from './guest-flags.js';
import { heading } from './help.js';
import { readInput } from './input.js';
import { readEvent } from './json-event.js';
import { printGuest, printGuestError, printJson, rounded } from './output.js';
import { printable } from './printable.js';
import { CLIENT_FLAGS, CLIENT_NOTE, clientOf } from './server-client.js';

const FLAGS = {
  event: {
    value: 'json|@file|-',
    help: 'What it is called with: JSON, a file with JSON, or stdin',
    offers: '@file',
  },
  input: {
    value: 'text|@file|-',
    help: 'The same as bytes, and stdin of a Linux program (default: none)',
    offers: '@file',
  },
  fn: { value: 'name', help: "Which of the function's exports (default: the first)" },
  alias: { value: 'name', help: 'Call what this alias stands for (default: live)' },
  revision: { value: 'n|hash', help: 'Call this version: its number, or 12 or more digits of its hash' },
  arg: {
    value: 'text',
    help: 'An argument of a Linux program, in place of those it was deployed with; repeatable',
  },
  'timeout-ms': { value: 'n', help: 'Wall-clock limit of the call (default: that of its policy)' },
  'deadline-ms': { value: 'n', help: 'In how many ms the answer is of no use any more, waiting included' },
  ...CLIENT_FLAGS,
  json: { help: 'Print one JSON object: result, revision, version, durationUs and more; or error' },
} as const;

type CallArguments = Arguments<typeof FLAGS>;

export const callCommand = defineCommand({
  name: 'call',
  summary: 'Calls a function of a server and prints what it answers.',
  positionals: ['name'],
  offers: 'function',
  flags: FLAGS,
  notes: `The answer goes to stdout as JSON, or byte for byte if it is bytes. What a Linux program writes goes to stdout
and stderr, and its exit code is this command's. On a terminal control characters are escaped.
${CLIENT_NOTE}

${heading('Examples')}
  snapvm call function --event '{"name":"Ada"}'
  snapvm call orders --fn total --event @orders.json --alias beta
  snapvm call sums --input @README.md`,
  run: async (args) => {
    const client = await clientOf(args);
    const input = await inputOf(args);
    const extra = args.texts('arg');
    const started = performance.now();
    const info = await client.callWithInfo(
      args.positional(0),
      input,
      defined({
        fn: args.text('fn'),
        alias: args.text('alias'),
        version: args.text('revision'),
        timeoutMs: args.number('timeout-ms'),
        deadlineMs: args.number('deadline-ms'),
        args: extra.length === 0 ? undefined : extra,
      }),
    );
    const ms = rounded(performance.now() - started);
    if (args.has('json')) await printJson({ ...info, result: printable(info.result), ms });
    else await show(info);
    return info.exitCode ?? 0;
  },
});

/** @throws UsageError, FileError */
async function inputOf(args: CallArguments): Promise<unknown> {
  const input = args.text('input');
  if (input === undefined) return await readEvent(args.text('event'));
  if (args.text('event') !== undefined)
    throw new UsageError('--event and --input are both given; a call has one input');
  return await readInput('input', input, ARENA_BYTES);
}

async function show({ result, exitCode }: CallInfo<unknown>): Promise<void> {
  if (exitCode !== undefined) {
    const { stdout, stderr } = result as ProgramResult;
    await printGuest(bytesOf(stdout));
    await printGuestError(bytesOf(stderr));
  } else if (result instanceof Uint8Array) await printGuest(result);
  else if (result !== undefined) await printJson(printable(result));
}

function bytesOf(output: ProgramOutput): Uint8Array {
  return typeof output === 'string' ? Buffer.from(output) : Buffer.from(output.base64, 'base64');
}
