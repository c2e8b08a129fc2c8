/** The help texts, made from the tables that also parse the command line. */
import { COMMON_FLAGS, type Command, type Flags } from './arguments.js';
import { paint, table } from './output.js';

/** What the overall help knows of a command without loading it. */
export interface CommandSummary {
  readonly usage: string;
  readonly summary: string;
}

const EXIT_CODES = `${heading('Exit codes')}
  0    success
  1    the guest failed, or something could not be read
  2    the command line is wrong
  3    this machine cannot run guests (snapvm doctor says why)
  124  a time limit stopped the guest
  130  interrupted by Ctrl-C`;

export function overallHelp(commands: readonly CommandSummary[]): string {
  const rows = commands.map(({ usage, summary }) => [`  ${usage}`, summary]);
  return `snapvm runs untrusted functions in micro-VMs, or in processes without KVM, from fresh state for every call.

${heading('Usage')}
  snapvm <command> [options]

${heading('Commands')}
${table(rows)}

${heading('Options')}
${flagLines(COMMON_FLAGS)}

${EXIT_CODES}

${heading('Environment')}
  NO_COLOR        no colours (there are none either when the output is not a terminal)
  SNAPVM_BACKEND  what runs guests where no --backend says it: auto, kvm or process
  SNAPVM_DEBUG    1: errors come with a stack
  SNAPVM_URL      where the server is that deploy, call, logs and the like talk to
  SNAPVM_TOKEN    the token that they show

"snapvm <command> --help" explains a command.
`;
}

export function commandHelp({ name, summary, positionals, rest, flags, notes }: Command): string {
  const wanted = positionals.map((positional) => `<${positional}>`);
  const usage =
    rest === undefined
      ? ['snapvm', name, ...wanted, '[options]']
      : ['snapvm', name, '[options]', ...wanted, rest];
  return `${summary}

${heading('Usage')}
  ${usage.join(' ')}

${heading('Options')}
${flagLines({ ...flags, ...COMMON_FLAGS })}
${notes === undefined ? '' : `\n${notes}\n`}
${EXIT_CODES}
`;
}

export function heading(text: string): string {
  return paint('bold', `${text}:`);
}

function flagLines(flags: Flags): string {
  const rows = Object.entries(flags).map(([name, { value, short, help }]) => [
    `  ${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`,
    help,
  ]);
  return table(rows);
}
