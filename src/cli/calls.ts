/** `snapvm calls`: asynchronous calls of a server. */
import type { AsyncCall } from '../client/types.js';
import { defineCommand, UsageError } from './arguments.js';
import { printAnswer } from './call-answer.js';
import { exitCodeOf, reportOf } from './failure.js';
import { heading } from './help.js';
import { print, printJson } from './output.js';
import { printable } from './printable.js';
import { CLIENT_FLAGS, CLIENT_NOTE, clientOf } from './server-client.js';

const FLAGS = {
  wait: { help: 'Wait until it has ended; Ctrl-C ends the waiting alone' },
  cancel: { help: 'Cancel it; one that has ended stays as it is' },
  ...CLIENT_FLAGS,
  json: { help: 'Print one JSON object: id, function, revision, state, createdAt, result or error and more' },
} as const;

export const callsCommand = defineCommand({
  name: 'calls',
  summary: 'Says where an asynchronous call is, and prints what it answered.',
  positionals: ['id'],
  flags: FLAGS,
  notes: `The id is what "snapvm call --async" printed. A call that is queued or running is told by that word. The answer
of one that succeeded goes to stdout as JSON, or byte for byte if it is bytes; of a Linux program it is JSON:
exitCode, stdout, stderr. One that failed is an error, as it would be of "snapvm call". One that was
cancelled, or lost when the server died, is told by that word, and the exit code is 1.
${CLIENT_NOTE}

${heading('Examples')}
  id=$(snapvm call orders --event @order.json --async)
  snapvm calls "$id" --wait
  snapvm calls "$id" --cancel`,
  run: async (args) => {
    if (args.has('wait') && args.has('cancel'))
      throw new UsageError('--wait and --cancel are both given; a call that is cancelled is not waited for');
    const client = await clientOf(args);
    const id = args.positional(0);
    if (args.has('cancel')) {
      const { state } = await client.cancelCall(id);
      if (args.has('json')) await printJson({ id, state });
      else await print(`${state}\n`);
      return 0;
    }
    const call = await (args.has('wait') ? client.waitForCall(id) : client.getCall(id));
    if (args.has('json')) return await printWhole(call);
    if (call.error !== undefined) throw call.error;
    if (call.state === 'succeeded') await printAnswer(call.result);
    else await print(`${call.state}\n`);
    return exitCodeIn(call);
  },
});

async function printWhole({ error, result, ...call }: AsyncCall): Promise<number> {
  await printJson({
    ...call,
    ...(result !== undefined && { result: printable(result) }),
    ...(error !== undefined && { error: reportOf(error) }),
  });
  return error === undefined ? exitCodeIn(call) : exitCodeOf(error);
}

/** Of a call without an error. */
function exitCodeIn({ state }: Pick<AsyncCall, 'state'>): number {
  return state === 'cancelled' || state === 'lost' ? 1 : 0;
}
