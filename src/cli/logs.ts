/** `snapvm logs`: what a function of a server wrote. */
import { escapeLine } from '../base/escape.js';
import { type ClientOptions, checkPart, jsonOf, Transport } from '../client/transport.js';
import { defineCommand } from './arguments.js';
import { type FunctionLine, followLines } from './follow-lines.js';
import { heading } from './help.js';
import { withKnownFunction } from './known-function.js';
import { paint, print, printJsonLine, warn } from './output.js';
import { CLIENT_FLAGS, CLIENT_NOTE, clientOptions, openStream } from './server-client.js';

const FLAGS = {
  follow: { short: 'f', help: 'Print the lines that come, too, until Ctrl-C or until the server ends' },
  limit: { value: 'n', help: 'The last n of the lines that the server has kept (default: all, at most 200)' },
  ...CLIENT_FLAGS,
  json: { help: 'Print one JSON object a line: time, level, text, fn, requestId; or error' },
} as const;

const MOST_LINES = 1_000_000;
const LEVEL_WIDTH = 5;
const COLOURS: ReadonlyMap<string, 'red' | 'yellow' | 'dim'> = new Map([
  ['error', 'red'],
  ['warn', 'yellow'],
  ['debug', 'dim'],
  ['trace', 'dim'],
]);

export const logsCommand = defineCommand({
  name: 'logs',
  summary: 'Prints the lines that a function of a server wrote, oldest first.',
  positionals: ['name'],
  offers: 'function',
  flags: FLAGS,
  jsonLines: () => true,
  notes: `Each line has its time, its level, which export was called, the id of the request, and the text, whose control
characters are escaped. The server keeps the last 200 lines of a function, and 64 KiB of them; it needs the
role deploy for it.
${CLIENT_NOTE}

${heading('Examples')}
  snapvm logs orders --limit 20
  snapvm logs orders --follow --limit 0
  snapvm logs orders --json | jq -r 'select(.level == "error").text'`,
  run: async (args) => {
    const options = await clientOptions(args);
    const limit = args.whole('limit', 0, MOST_LINES) ?? MOST_LINES;
    const name = checkPart('name', args.positional(0));
    const show = args.has('json') ? printJsonLine : printLine;
    const kept = await withKnownFunction(options, name, () => keptLines(options, name));
    const left = kept.slice(0, Math.max(0, kept.length - limit));
    if (!args.has('follow')) for (const line of kept.slice(left.length)) await show(line);
    else for await (const line of follow(options, name, left)) await show(line);
    return 0;
  },
});

async function keptLines(options: ClientOptions, name: string): Promise<readonly FunctionLine[]> {
  const answer = await new Transport(options).send({ method: 'GET', path: pathOf(name) });
  return (jsonOf(answer) as { readonly lines: readonly FunctionLine[] }).lines;
}

function follow(
  options: ClientOptions,
  name: string,
  left: readonly FunctionLine[],
): AsyncIterable<FunctionLine> {
  const request = {
    method: 'GET',
    path: pathOf(name),
    query: { follow: true },
    headers: { accept: 'text/event-stream' },
  } as const;
  return followLines(
    {
      open: () => openStream(options, request),
      dropped: () => warn('snapvm: lines were lost: they came faster than they were printed'),
    },
    left,
  );
}

function pathOf(name: string): readonly string[] {
  return ['v1', 'functions', name, 'logs'];
}

/** A text of several lines is as many lines, each with its head: none looks like a line of somebody else. */
async function printLine({ time, level, text, fn = '-', requestId }: FunctionLine): Promise<void> {
  const colour = COLOURS.get(level);
  const shown = escapeLine(level).padEnd(LEVEL_WIDTH);
  const origin = [time, fn, requestId].map(escapeLine);
  const head = [
    paint('dim', origin[0] ?? ''),
    colour === undefined ? shown : paint(colour, shown),
    paint('dim', origin.slice(1).join(' ')),
  ].join(' ');
  const lines = text.replace(/\n$/, '').split('\n');
  await print(lines.map((line) => `${head} ${escapeLine(line)}\n`).join(''));
}
