#!/usr/bin/env node
/** The command line: finds the command, runs it, and says what went wrong. */
import {
  type Arguments,
  COMMON_FLAGS,
  checkPositionals,
  firstArgument,
  parseArguments,
  UsageError,
  unknownName,
} from './arguments.js';
import { COMMANDS, type Entry } from './commands.js';
import { asUsageError, exitCodeOf, lineOf, reportOf, warningLine } from './failure.js';
import { commandHelp, overallHelp } from './help.js';
import { print, printJson, printJsonLine, warn, watchStreams } from './output.js';
import { isLeaving, leaveOnSignals } from './session.js';
import { version } from './version.js';

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  watchStreams();
  tellWarnings();
  leaveOnSignals();
  // "snapvm help run" is what people try first.
  const words = argv[0] === 'help' ? [...argv.slice(1), '--help'] : argv;
  const [first, ...rest] = words;
  if (first === undefined) {
    process.stderr.write(overallHelp(Object.values(COMMANDS)));
    return 2;
  }
  if (first.startsWith('-')) return await report(undefined, noJson, () => global(words));
  const entry = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  if (entry === undefined) {
    return await report(undefined, noJson, () => {
      throw unknownName('there is no command', first, Object.keys(COMMANDS));
    });
  }
  return await runCommand(first, entry, rest);
}

async function runCommand(name: string, entry: Entry, argv: readonly string[]): Promise<number> {
  // A mistake in the command line is told in words even with --json: programs do not make them.
  const own = argv.slice(0, argv.indexOf('--') < 0 ? argv.length : argv.indexOf('--'));
  const json = own.includes('--json');
  let printError = json ? printJson : undefined;
  return await report(
    name,
    () => printError,
    async () => {
      const command = await entry.load();
      const flags = { ...command.flags, ...COMMON_FLAGS };
      const end = command.rest === undefined ? argv.length : firstArgument(flags, argv);
      const rest = argv.slice(argv[end] === '--' ? end + 1 : end);
      const args = parseArguments(`${name} has no option`, flags, argv.slice(0, end), rest);
      if (await answered(args, () => commandHelp(command))) return 0;
      if (json && command.jsonLines?.(args) === true) printError = printJsonLine;
      checkPositionals(command, args);
      return await command.run(args);
    },
  );
}

/** Prints snapvm's own warnings as it prints errors; other warnings look as Node prints them. */
function tellWarnings(): void {
  // There are none where the user wants no warnings.
  const printers = process.listeners('warning');
  if (printers.length === 0) return;
  process.removeAllListeners('warning');
  process.on('warning', (warning: Error & { readonly code?: string }) => {
    if (warning.code === 'SNAPVM_BACKEND_PROCESS') warn(warningLine(warning));
    else for (const printer of printers) printer.call(process, warning);
  });
}

/** The options that stand before a command. */
async function global(argv: readonly string[]): Promise<number> {
  const args = parseArguments('there is no option', COMMON_FLAGS, argv);
  if (await answered(args, () => overallHelp(Object.values(COMMANDS)))) return 0;
  throw new UsageError('there is no command');
}

/** Handles --help and --version, wherever they stand. */
async function answered(args: Arguments<typeof COMMON_FLAGS>, help: () => string): Promise<boolean> {
  if (args.has('help')) await print(help());
  else if (args.has('version')) await print(`${await version()}\n`);
  else return false;
  return true;
}

type PrintError = (value: unknown) => Promise<void>;

function noJson(): undefined {
  return undefined;
}

/** Runs `work`; a failure becomes a line on stderr, or an object on stdout where one is printed, and an exit code. */
async function report(
  command: string | undefined,
  printer: () => PrintError | undefined,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (thrown) {
    const error = asUsageError(thrown, command);
    if (isLeaving()) return exitCodeOf(error);
    const printError = error instanceof UsageError ? undefined : printer();
    if (printError === undefined) warn(lineOf(error, command));
    else await printError({ error: reportOf(error) });
    return exitCodeOf(error);
  }
}
