/** `snapvm serve`: the function API, over HTTP. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf } from '../base/realms.js';
import type { HostFunctions } from '../engine/host-functions.js';
import type { SnapvmServer } from '../server/index.js';
import { type Arguments, defineCommand, UsageError } from './arguments.js';
import { BACKEND_FLAG, backendOption } from './backend-flag.js';
import { FileError } from './failure.js';
import { defined, SIZES_NOTE } from './guest-flags.js';
import { heading } from './help.js';
import { print, warn } from './output.js';
import { mcpIn, mostPolicyIn } from './server-options.js';
import { untilSignal } from './session.js';

const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug', 'trace'] as const;

const FLAGS = {
  host: {
    value: 'address',
    help: 'The address it listens on (default 127.0.0.1); another needs --access',
  },
  port: { value: 'n', help: 'The port it listens on (default 8080; 0: one that is free)' },
  directory: {
    value: 'path',
    help: 'Where functions are kept (default: snapvm in XDG_STATE_HOME or ~/.local/state)',
    offers: 'folder',
  },
  access: {
    value: 'file',
    help: 'A JSON file with tokens and quotas (default: this machine may do anything)',
    offers: 'file',
  },
  'host-functions': {
    value: 'module',
    help: 'A module whose exports functions may call, if their policy names them',
    offers: 'file',
  },
  workers: { value: 'n', help: 'Worker threads, 1 to 256 (default: as many as processors, 2 to 8)' },
  'results-seconds': { value: 'n', help: 'How long results of asynchronous calls are kept (default 3600)' },
  'body-bytes': { value: 'size', help: 'The largest body of a request (default 64m)' },
  'drain-ms': { value: 'n', help: 'How long calls have for ending when it is told to end (default 10000)' },
  'most-policy': {
    value: 'file|name=n,…',
    help: 'The most that policies may ask for, or a JSON file with it (repeatable)',
    offers: 'file',
  },
  packages: {
    help: 'Modules that are deployed may import packages of the working directory',
  },
  mcp: {
    value: 'file',
    help: 'A JSON file that says what tools assistants find at /mcp (docs/mcp.md)',
    offers: 'file',
  },
  'no-mcp': { help: 'Without tools for assistants at /mcp' },
  'log-level': {
    value: 'level',
    help: 'off, error, warn, info, debug or trace (default info)',
    offers: LOG_LEVELS,
  },
  ...BACKEND_FLAG,
  json: { help: 'Print one line of JSON on stdout when it listens: url, pid, open' },
} as const;

type ServeArguments = Arguments<typeof FLAGS>;

const MOST_PORT = 65_535;
const MOST_WORKERS = 256;
const MOST_SECONDS = 31_536_000;
const MOST_DRAIN_MS = 3_600_000;

export const serveCommand = defineCommand({
  name: 'serve',
  summary: 'Runs the function API: an HTTP server that functions are deployed to and called by.',
  positionals: [],
  flags: FLAGS,
  notes: `${SIZES_NOTE}
It says on stderr where it listens, and logs there in lines of JSON. At SIGTERM and SIGINT it takes no new
calls, and ends when those on their way have ended; a second signal ends it at once. What was deployed is
there again at the next start. Without --access whoever is on this machine may deploy and call functions;
"snapvm token" makes tokens.

${heading('Examples')}
  snapvm serve
  snapvm serve --host 0.0.0.0 --access access.json --directory /var/lib/snapvm
  snapvm serve --host-functions ./host.js --port 9000
  snapvm serve --most-policy timeoutMs=5000,heapBytes=64m --no-mcp`,
  run: async (args) => {
    const server = await start(args);
    const asked = untilSignal();
    await tell(server, args.text('access') === undefined, args.has('json'));
    await asked;
    await server.close();
    // A module with host functions may have something open that would keep the process.
    process.exit(0);
  },
});

/** @throws UsageError, SnapvmError */
async function start(args: ServeArguments): Promise<SnapvmServer> {
  const options = defined({
    host: args.text('host'),
    port: args.whole('port', 0, MOST_PORT),
    directory: args.text('directory'),
    access: args.text('access'),
    hostFunctions: await hostFunctionsIn(args.text('host-functions')),
    resultsSeconds: args.whole('results-seconds', 1, MOST_SECONDS),
    bodyBytes: args.size('body-bytes'),
    drainMs: args.whole('drain-ms', 0, MOST_DRAIN_MS),
    mostPolicy: await mostPolicyIn(args.texts('most-policy')),
    packages: args.has('packages') ? true : undefined,
    mcp: await mcpIn(args.text('mcp'), args.has('no-mcp')),
  });
  const engine = { ...backendOption(args), ...defined({ workers: args.whole('workers', 1, MOST_WORKERS) }) };
  const logger = { level: logLevel(args.text('log-level')), stream: process.stderr };
  // Loaded when it is needed, as its packages are.
  const { createServer } = await import('../server/index.js');
  return await createServer({ ...options, engine, logger });
}

/** Says where it listens, to people and to programs. */
async function tell({ url }: SnapvmServer, open: boolean, json: boolean): Promise<void> {
  warn(`snapvm: listening on ${url}`);
  if (open)
    warn(
      'snapvm: WARNING: THERE ARE NO TOKENS: every program and user of this machine may deploy and call functions; ' +
        '--access FILE admits only those that have one, and "snapvm token" makes them',
    );
  if (json) await print(`${JSON.stringify({ url, pid: process.pid, open })}\n`);
}

/** The functions that a module exports, by name, or its default export if that is an object of them. */
async function hostFunctionsIn(file: string | undefined): Promise<HostFunctions | undefined> {
  if (file === undefined) return undefined;
  const { default: whole, ...named } = await load(file);
  const functions = typeof whole === 'object' && whole !== null ? { ...whole } : named;
  const wrong = Object.entries(functions).find(([, value]) => typeof value !== 'function');
  if (wrong !== undefined)
    throw new UsageError(`--host-functions ${JSON.stringify(file)}: its export ${wrong[0]} is no function`);
  if (Object.keys(functions).length > 0) return functions as HostFunctions;
  throw new UsageError(`--host-functions ${JSON.stringify(file)} exports no functions by name`);
}

async function load(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
  } catch (cause) {
    const { code } = Object(cause) as { readonly code?: unknown };
    const message = `--host-functions ${JSON.stringify(file)} cannot be loaded: ${messageOf(cause)}`;
    throw new FileError(typeof code === 'string' ? code : 'ERR_MODULE', message, { cause });
  }
}

/** pino's name of a level. @throws UsageError */
function logLevel(text: string | undefined): string {
  const level = LOG_LEVELS.find((known) => known === (text ?? 'info'));
  if (level !== undefined) return level === 'off' ? 'silent' : level;
  throw new UsageError(`--log-level is ${JSON.stringify(text)}; it must be one of ${LOG_LEVELS.join(', ')}`);
}
