/** `snapvm call`: calls a function of a server. */
import { SnapvmClient } from '../client/client.js';
import type { CallOptions, ProgramResult } from '../client/types.js';
import { ARENA_BYTES } from '../wire/ring.js';
import { type Arguments, defineCommand, UsageError } from './arguments.js';
import { printAnswer, printProgram } from './call-answer.js';
import { callBatch } from './call-batch.js';
import { defined } from './guest-flags.js';
import { heading } from './help.js';
import { readInput } from './input.js';
import { readEvent } from './json-event.js';
import { withKnownFunction } from './known-function.js';
import { print, printJson, rounded } from './output.js';
import { printable } from './printable.js';
import { CLIENT_FLAGS, CLIENT_NOTE, clientOptions } from './server-client.js';

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
  batch: {
    value: 'file|-',
    help: 'Call it once for each line of JSON in a file or of stdin; answers are lines of JSON',
    offers: 'file',
  },
  async: { help: 'Do not wait: print the id of the call, which "snapvm calls" takes' },
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
  jsonLines: (args) => args.has('batch'),
  flags: FLAGS,
  notes: `The answer goes to stdout as JSON, or byte for byte if it is bytes. What a Linux program writes goes to stdout
and stderr, and its exit code is this command's. On a terminal control characters are escaped. With --batch
each answer is {"status", "result"} or {"status", "error"}, in the order of the lines, and the exit code is 1
if a call failed; inputs of native functions and Linux programs are texts or {"base64": ""}.
${CLIENT_NOTE}

${heading('Examples')}
  snapvm call function --event '{"name":"Ada"}'
  snapvm call orders --fn total --event @orders.json --alias beta
  snapvm call sums --input @README.md
  snapvm call orders --batch orders.ndjson > answers.ndjson
  snapvm calls "$(snapvm call orders --event @orders.json --async)" --wait`,
  run: async (args) => {
    checkForms(args);
    const options = await clientOptions(args);
    const client = new SnapvmClient(options);
    const name = args.positional(0);
    return await withKnownFunction(options, name, () => callAs(client, name, args));
  },
});

/** Calls it in the form that the options say, prints what came of it, and gives the exit code. */
async function callAs(client: SnapvmClient, name: string, args: CallArguments): Promise<number> {
  const batch = args.text('batch');
  if (batch !== undefined) return await callBatch(client, name, batch, optionsOf(args));
  const input = await inputOf(args);
  if (args.has('async')) {
    const { deadlineMs: _, ...target } = optionsOf(args);
    const queued = await client.callAsync(name, input, target);
    if (args.has('json')) await printJson(queued);
    else await print(`${queued.id}\n`);
    return 0;
  }
  const started = performance.now();
  const info = await client.callWithInfo(name, input, optionsOf(args));
  const ms = rounded(performance.now() - started);
  if (args.has('json')) await printJson({ ...info, result: printable(info.result), ms });
  else if (info.exitCode === undefined) await printAnswer(info.result);
  else await printProgram(info.result as ProgramResult);
  return info.exitCode ?? 0;
}

function optionsOf(args: CallArguments): CallOptions {
  const extra = args.texts('arg');
  return defined({
    fn: args.text('fn'),
    alias: args.text('alias'),
    version: args.text('revision'),
    timeoutMs: args.number('timeout-ms'),
    deadlineMs: args.number('deadline-ms'),
    args: extra.length === 0 ? undefined : extra,
  });
}

/** @throws UsageError: options that do not go together */
function checkForms(args: CallArguments): void {
  if (args.has('batch')) {
    for (const other of ['event', 'input', 'async'] as const)
      if (args.has(other))
        throw new UsageError(`--batch and --${other} are both given; a batch has its inputs from its file`);
  }
  if (args.has('async') && args.has('deadline-ms'))
    throw new UsageError('--async and --deadline-ms are both given; nobody waits for an asynchronous call');
}

/** @throws UsageError, FileError */
async function inputOf(args: CallArguments): Promise<unknown> {
  const input = args.text('input');
  if (input === undefined) return await readEvent(args.text('event'));
  if (args.text('event') !== undefined)
    throw new UsageError('--event and --input are both given; a call has one input');
  return await readInput('input', input, ARENA_BYTES);
}
