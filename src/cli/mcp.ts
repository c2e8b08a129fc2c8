/** `snapvm mcp`: tools for an assistant, over standard input and output. */
import { messageOf } from '../base/realms.js';
import { withPackages } from '../server/packages.js';
import { type Arguments, defineCommand, UsageError } from './arguments.js';
import { BACKEND_FLAG, backendOption } from './backend-flag.js';
import { defined, SIZES_NOTE } from './guest-flags.js';
import { heading } from './help.js';
import { oneLine, warn } from './output.js';
import { closingOnSignal } from './session.js';
import { version } from './version.js';

const FLAGS = {
  program: {
    value: 'name=path',
    help: 'A static Linux program that run_linux may run, called by that name; repeatable',
    offers: '=file',
  },
  'no-javascript': { help: 'Without run_javascript' },
  directory: {
    value: 'path',
    help: "A server's directory, whose functions become tools; no server may use it meanwhile",
    offers: 'folder',
  },
  tenant: { value: 'name', help: 'Whose functions of the directory (default: default)' },
  'timeout-ms': { value: 'n', help: 'Wall-clock limit of code and programs (default 5000)' },
  'heap-bytes': { value: 'size', help: 'Memory of code and programs (default 64m)' },
  'output-characters': { value: 'n', help: 'Most characters of an answer (default 20000)' },
  concurrent: { value: 'n', help: 'How many runs there may be at a time (default 2)' },
  ...BACKEND_FLAG,
} as const;

type McpArguments = Arguments<typeof FLAGS>;

export const mcpCommand = defineCommand({
  name: 'mcp',
  summary: 'Gives an assistant tools that run code in a sandbox, by the Model Context Protocol over stdio.',
  positionals: [],
  flags: FLAGS,
  notes: `${SIZES_NOTE}
Assistants start it by themselves: docs/mcp.md says what to write into their configuration. It ends when its
standard input does. Each run starts from fresh state, and finds no files and no network.

${heading('Examples')}
  snapvm mcp
  snapvm mcp --program awk=/bin/busybox --program sed=/bin/busybox`,
  run: async (args) => {
    const options = await optionsOf(args);
    const { openLocal } = await withPackages(() => import('../server/mcp/local.js'));
    const tools = await openLocal(options);
    await closingOnSignal(tools, () => tools.answer());
    return 0;
  },
});

async function optionsOf(args: McpArguments) {
  return {
    ...backendOption(args),
    ...defined({
      directory: args.text('directory'),
      tenant: args.text('tenant'),
      timeoutMs: args.number('timeout-ms'),
      heapBytes: args.size('heap-bytes'),
      outputCharacters: args.number('output-characters'),
      concurrent: args.number('concurrent'),
    }),
    programs: programsIn(args.texts('program')),
    javascript: !args.has('no-javascript'),
    version: await version(),
    failed: (error: unknown) => warn(`snapvm: ${oneLine(messageOf(error))}`),
  };
}

/** @throws UsageError */
function programsIn(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new UsageError(`--program is ${JSON.stringify(text)}; it must be name=path`);
    }),
  );
}
