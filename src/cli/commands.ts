/** The commands there are. */
import type { Command } from './arguments.js';
import type { DescribedCommand } from './completion-tables.js';
import type { CommandSummary } from './help.js';

export interface Entry extends CommandSummary {
  /** Loaded when it is needed, so that one command does not wait for what another one imports. */
  readonly load: () => Promise<Command>;
}

export const COMMANDS: Readonly<Record<string, Entry>> = {
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
  calls: {
    usage: 'calls <id>',
    summary: 'Say where an asynchronous call is, wait for it, or cancel it',
    load: async () => (await import('./calls.js')).callsCommand,
  },
  logs: {
    usage: 'logs <name>',
    summary: 'Print the lines that a function of a server wrote, or those that come',
    load: async () => (await import('./logs.js')).logsCommand,
  },
  top: {
    usage: 'top',
    summary: 'Show what the functions of a server do now: calls a second, durations, errors',
    load: async () => (await import('./top.js')).topCommand,
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
  completion: {
    usage: 'completion <shell>',
    summary: 'Print a script with which bash or zsh completes command lines of snapvm',
    load: async () => (await import('./completion.js')).completionCommand(describeAll),
  },
  bench: {
    usage: 'bench density',
    summary: 'Measure what many JavaScript functions on one runtime take',
    load: async () => (await import('./bench.js')).benchCommand,
  },
};

async function describeAll(): Promise<readonly DescribedCommand[]> {
  return await Promise.all(
    Object.entries(COMMANDS).map(async ([name, { summary, load }]) => ({
      name,
      summary,
      command: await load(),
    })),
  );
}
