#!/usr/bin/env node
/** The command line: finds the command, runs it, and says what went wrong. */
import {
  type Arguments,
  COMMON_FLAGS,
  type Command,
  checkPositionals,
  firstArgument,
  parseArguments,
  UsageError,
  unknownName,
} from './arguments.js';
import { asUsageError, exitCodeOf, lineOf, reportOf, warningLine } from './failure.js';
import { type CommandSummary, commandHelp, overallHelp } from './help.js';
import { print, printJson, warn, watchStreams } from './output.js';
import { isLeaving, leaveOnSignals } from './session.js';
import { version } from './version.js';

interface Entry extends CommandSummary {
  /** Loaded when it is needed, so that one command does not wait for what another one imports. */
  readonly load: () => Promise<Command>;
}

const COMMANDS: Readonly<Record<string, Entry>> = {
  run: {
    usage: 'run <guest.elf>',
    summary: 'Call a function of a guest and print what it answers',
    load: async () => (await import('./run.js')).runCommand,
  },
  exec: {
    usage: 'exec <program> [arguments]',
    summary: 'Run a static Linux program in a sandbox, with stdin, stdout and its exit code',
    load: async () => (await import('./exec.js')).execCommand,
  },
  js: {
    usage: 'js <function.js>',
    summary: 'Call a function of a JavaScript or TypeScript module with a JSON value',
    load: async () => (await import('./js.js')).jsCommand,
  },
  inspect: {
    usage: 'inspect <guest.elf>',
    summary: 'Show the snapshot a guest becomes: regions, rights, page tables, hash',
    load: async () => (await import('./inspect.js')).inspectCommand,
  },
  serve: {
    usage: 'serve',
    summary: 'Run the function API: an HTTP server that functions are deployed to and called by',
    load: async () => (await import('./serve.js')).serveCommand,
  },
  deploy: {
    usage: 'deploy <file>',
    summary: 'Send a function to a server',
    load: async () => (await import('./deploy.js')).deployCommand,
  },
  call: {
    usage: 'call <name>',
    summary: 'Call a function of a server',
    load: async () => (await import('./call.js')).callCommand,
  },
  list: {
    usage: 'list',
    summary: 'List the functions of a server',
    load: async () => (await import('./list.js')).listCommand,
  },
  rollback: {
    usage: 'rollback <name>',
    summary: 'Make the version of a function live again that it had before',
    load: async () => (await import('./rollback.js')).rollbackCommand,
  },
  remove: {
    usage: 'remove <name>',
    summary: 'Remove a function from a server',
    load: async () => (await import('./remove.js')).removeCommand,
  },
  token: {
    usage: 'token <name>',
    summary: 'Make a token for a server, and the line that admits it',
    load: async () => (await import('./token.js')).tokenCommand,
  },
  mcp: {
    usage: 'mcp',
    summary: 'Give an assistant tools that run code in a sandbox, over stdio',
    load: async () => (await import('./mcp.js')).mcpCommand,
  },
  doctor: {
    usage: 'doctor',
    summary: 'Check whether this machine can run guests, and how to fix it if not',
    load: async () => (await import('./doctor.js')).doctorCommand,
  },
  demo: {
    usage: 'demo',
    summary: 'Call a C guest ten thousand times, crash one, stop an endless one',
    load: async () => (await import('./demo.js')).demoCommand,
  },
  build: {
    usage: 'build',
    summary: 'Build the native addon from source, where the one in the package does not load',
    load: async () => (await import('./build.js')).buildCommand,
  },
  bench: {
    usage: 'bench density',
    summary: 'Measure what many JavaScript functions on one runtime take',
    load: async () => (await import('./bench.js')).benchCommand,
  },
};

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
  if (first.startsWith('-')) return await report(undefined, false, () => global(words));
  const entry = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  if (entry === undefined) {
    return await report(undefined, false, () => {
      throw unknownName('there is no command', first, Object.keys(COMMANDS));
    });
  }
  return await runCommand(first, entry, rest);
}

async function runCommand(name: string, entry: Entry, argv: readonly string[]): Promise<number> {
  // A mistake in the command line is told in words even with --json: programs do not make them.
  const own = argv.slice(0, argv.indexOf('--') < 0 ? argv.length : argv.indexOf('--'));
  const json = own.includes('--json');
  return await report(name, json, async () => {
    const command = await entry.load();
    const flags = { ...command.flags, ...COMMON_FLAGS };
    const end = command.rest === undefined ? argv.length : firstArgument(flags, argv);
    const rest = argv.slice(argv[end] === '--' ? end + 1 : end);
    const args = parseArguments(`${name} has no option`, flags, argv.slice(0, end), rest);
    if (await answered(args, () => commandHelp(command))) return 0;
    checkPositionals(command, args);
    return await command.run(args);
  });
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

/** Runs `work`; a failure becomes a line on stderr or an object on stdout, and an exit code. */
async function report(
  command: string | undefined,
  json: boolean,
  work: () => Promise<number>,
): Promise<number> {
  try {
    return await work();
  } catch (thrown) {
    const error = asUsageError(thrown);
    if (isLeaving()) return exitCodeOf(error);
    if (json && !(error instanceof UsageError)) await printJson({ error: reportOf(error) });
    else warn(lineOf(error, command));
    return exitCodeOf(error);
  }
}
