/** `snapvm deploy`: sends a function to a server. */
import { basename } from 'node:path';
import type { Deployed, FunctionKind, FunctionPolicy } from '../client/types.js';
import { type Arguments, defineCommand, UsageError } from './arguments.js';
import { readSource, type SourceOptions } from './deploy-source.js';
import { defined, SIZES_NOTE } from './guest-flags.js';
import { heading } from './help.js';
import { bytes, print, printJson, warn } from './output.js';
import { pairs } from './pairs.js';
import { CLIENT_FLAGS, CLIENT_NOTE, clientOf } from './server-client.js';

const KINDS: readonly FunctionKind[] = ['js', 'ts', 'native', 'linux'];

const FLAGS = {
  name: { value: 'name', help: "The function's name (default: the file's, without its ending)" },
  kind: { value: 'kind', help: 'js, ts, native or linux (default: what the file is)', offers: KINDS },
  'no-activate': { help: 'Make a version, but leave "live" where it is' },
  locale: { value: 'name', help: 'A language that Intl knows beside English; repeatable' },
  'host-function': { value: 'name', help: "A host function that it may call, of the server's; repeatable" },
  arg: { value: 'text', help: 'An argument of a Linux program; repeatable' },
  argv0: { value: 'name', help: "What a Linux program is called by (default: the file's name)" },
  env: { value: 'name=value', help: "A variable of a Linux program's environment; repeatable" },
  cwd: { value: 'path', help: 'Where a Linux program starts (default /)' },
  file: {
    value: 'guest=host',
    help: 'A file or folder for a Linux program, sent along; repeatable',
    offers: '=file',
  },
  warm: {
    value: 'when',
    help: 'stdin: a Linux program goes on from its first read; false: a native guest begins anew',
    offers: ['stdin', 'false'],
  },
  'timeout-ms': { value: 'n', help: 'Wall-clock limit of a call (default 1000)' },
  'cpu-ms': { value: 'n', help: 'CPU-time limit of a call (default: none)' },
  'init-timeout-ms': { value: 'n', help: 'Wall-clock limit of what runs once, before calls (default 10000)' },
  'max-exits': { value: 'n', help: 'Log lines and host calls, or system calls, of a call' },
  'heap-bytes': { value: 'size', help: 'Memory' },
  'stack-bytes': { value: 'size', help: 'Stack' },
  'input-bytes': { value: 'size', help: 'Largest input' },
  'output-bytes': { value: 'size', help: 'Largest answer' },
  ...CLIENT_FLAGS,
  json: { help: 'Print one JSON object: name, revision, version, kind, created and more; or error' },
} as const;

type DeployArguments = Arguments<typeof FLAGS>;

const SHOWN_DIGITS = 12;

export const deployCommand = defineCommand({
  name: 'deploy',
  summary:
    'Sends a function to a server: a JavaScript or TypeScript module, a native guest or a static Linux program.',
  positionals: ['file'],
  offers: 'file',
  flags: FLAGS,
  notes: `${SIZES_NOTE}
A module that imports files or packages is bundled here and sent as one text; modules of Node are those of
the server. One that imports neither is sent as it is: its errors then have the lines of the file. An ELF is a
native guest if it was made with the SDK, and a Linux program otherwise. The same function with the same
options is no new version.
${CLIENT_NOTE}

${heading('Examples')}
  snapvm deploy function.js --timeout-ms 50
  snapvm deploy src/handler.ts --name orders --no-activate
  snapvm deploy /bin/busybox --name sums --arg sha256sum --file /etc/motd=motd.txt`,
  run: async (args) => {
    const client = await clientOf(args);
    const name = args.text('name') ?? nameOf(args.positional(0));
    const policy = policyOf(args);
    const { source, bundled, bytes: size } = await readSource(args.positional(0), sourceOptions(args));
    tell(`sending ${bytes(size)}${bundled ? ', bundled,' : ''} to ${client.url}`);
    const activate = args.has('no-activate') ? { activate: false } : {};
    const deployed = await client.deploy(name, source, { policy, ...activate });
    if (args.has('json')) await printJson(deployed);
    else await print(`${lineOf(deployed, !args.has('no-activate'))}\n`);
    return 0;
  },
});

function lineOf({ name, revision, version, kind, created, functions }: Deployed, isLive: boolean): string {
  const what = `${name}: revision ${revision}, ${version.slice(0, SHOWN_DIGITS)}, ${kind}`;
  const exported = functions.length === 0 ? '' : `, functions ${functions.join(' ')}`;
  return `${what}${exported}${created ? '' : ', as before'}${isLive ? ', live' : ''}`;
}

function sourceOptions(args: DeployArguments): SourceOptions {
  return {
    kind: kindIn(args.text('kind')),
    locales: args.texts('locale'),
    args: args.texts('arg'),
    env: pairs('env', args.texts('env'), 'name=value'),
    cwd: args.text('cwd'),
    argv0: args.text('argv0'),
    files: pairs('file', args.texts('file'), 'guest=host'),
  };
}

function policyOf(args: DeployArguments): FunctionPolicy {
  const hostFunctions = args.texts('host-function');
  return defined({
    hostFunctions: hostFunctions.length === 0 ? undefined : hostFunctions,
    warm: warmIn(args.text('warm')),
    timeoutMs: args.number('timeout-ms'),
    cpuMs: args.number('cpu-ms'),
    initTimeoutMs: args.number('init-timeout-ms'),
    maxExits: args.number('max-exits'),
    heapBytes: args.size('heap-bytes'),
    stackBytes: args.size('stack-bytes'),
    inputBytes: args.size('input-bytes'),
    outputBytes: args.size('output-bytes'),
  });
}

/** @throws UsageError */
function kindIn(text: string | undefined): FunctionKind | undefined {
  const kind = KINDS.find((known) => known === text);
  if (text === undefined || kind !== undefined) return kind;
  throw new UsageError(`--kind is ${JSON.stringify(text)}; it must be one of ${KINDS.join(', ')}`);
}

/** @throws UsageError */
function warmIn(text: string | undefined): 'stdin' | boolean | undefined {
  if (text === undefined || text === 'stdin') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  throw new UsageError(`--warm is ${JSON.stringify(text)}; it must be stdin, true or false`);
}

function nameOf(path: string): string {
  return basename(path).replace(/(?<=.)\.[^.]*$/, '');
}

/** Progress, for somebody who watches. */
function tell(line: string): void {
  if (process.stderr.isTTY === true) warn(`snapvm: ${line}`);
}
