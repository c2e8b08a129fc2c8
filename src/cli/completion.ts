/** `snapvm completion`: what a shell completes command lines of snapvm with. */
import { SnapvmClient } from '../client/client.js';
import { type Arguments, type Command, defineCommand, UsageError } from './arguments.js';
import { bashScript } from './completion-bash.js';
import type { DescribedCommand } from './completion-tables.js';
import { zshScript } from './completion-zsh.js';
import { heading } from './help.js';
import { print } from './output.js';
import { CLIENT_FLAGS, clientOptions } from './server-client.js';

const SCRIPTS: ReadonlyMap<string, (commands: readonly DescribedCommand[]) => string> = new Map([
  ['bash', bashScript],
  ['zsh', zshScript],
]);
const SHELLS = [...SCRIPTS.keys()];
/** What the scripts ask for. */
const NAMES = 'names';
const FUNCTION_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
/** Somebody waits at a prompt. */
const PATIENCE_MS = 1000;
const MOST_PATIENCE_MS = 600_000;

const FLAGS = {
  'timeout-ms': { value: 'n', help: 'How long names of functions are waited for (default 1000)' },
  ...CLIENT_FLAGS,
} as const;
const PAGE = 1000;
const MOST_NAMES = 10_000;

/** @param commands Gives all commands there are. */
export function completionCommand(
  commands: () => Promise<readonly DescribedCommand[]>,
): Command<typeof FLAGS> {
  return defineCommand({
    name: 'completion',
    summary: 'Prints a script with which a shell completes command lines of snapvm.',
    positionals: ['shell'],
    offers: SHELLS,
    flags: FLAGS,
    notes: `The shell is bash or zsh. Commands, options and values are completed; names of functions are asked for from
the server, and are left out if it does not answer within a second. "snapvm completion names" prints these.

${heading('Examples')}
  source <(snapvm completion bash)   # in ~/.bashrc
  source <(snapvm completion zsh)    # in ~/.zshrc, behind compinit`,
    run: async (args) => {
      const shell = args.positional(0);
      if (shell === NAMES) {
        await printNames(args);
        return 0;
      }
      const script = SCRIPTS.get(shell);
      if (script === undefined)
        throw new UsageError(`the shell is ${JSON.stringify(shell)}; it must be one of ${SHELLS.join(', ')}`);
      await print(script(await commands()));
      return 0;
    },
  });
}

/** Prints the names of the server's functions; nothing, if it does not answer in time. */
async function printNames(args: Arguments<typeof FLAGS>): Promise<void> {
  const signal = AbortSignal.timeout(args.whole('timeout-ms', 1, MOST_PATIENCE_MS) ?? PATIENCE_MS);
  const names: string[] = [];
  try {
    const client = new SnapvmClient(await clientOptions(args));
    for await (const { name } of client.list({ pageSize: PAGE, signal })) {
      // Some server may say anything, and shells obey much.
      if (FUNCTION_NAME.test(name)) names.push(name);
      if (names.length === MOST_NAMES) break;
    }
  } catch {
    // There is nobody to tell at a prompt; what came in time is offered.
  }
  await print(names.map((name) => `${name}\n`).join(''));
}
