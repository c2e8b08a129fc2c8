/** `snapvm list`: the functions of a server. */
import type { AliasTarget, FunctionSummary } from '../client/types.js';
import { defineCommand } from './arguments.js';
import { print, printJson, table } from './output.js';
import { CLIENT_FLAGS, CLIENT_NOTE, clientOf } from './server-client.js';

const SHOWN_DIGITS = 12;

export const listCommand = defineCommand({
  name: 'list',
  summary: 'Lists the functions of a server: kind, live version, when they were deployed first.',
  positionals: [],
  flags: {
    ...CLIENT_FLAGS,
    json: { help: 'Print one JSON object: functions, each with name, kind, live, createdAt; or error' },
  },
  notes: CLIENT_NOTE,
  run: async (args) => {
    const client = await clientOf(args);
    const functions: FunctionSummary[] = [];
    for await (const found of client.list()) functions.push(found);
    if (args.has('json')) await printJson({ functions });
    else if (functions.length > 0) await print(`${table(functions.map(row))}\n`);
    return 0;
  },
});

function row({ name, kind, live = [], createdAt }: FunctionSummary): readonly string[] {
  return [name, kind ?? '-', live.length === 0 ? '-' : live.map(shownTarget).join(', '), createdAt];
}

/** `3 (0123456789ab)`, with its share if it has not all calls. */
export function shownTarget({ revision, version, weight }: AliasTarget): string {
  return `${revision} (${version.slice(0, SHOWN_DIGITS)})${weight === 100 ? '' : ` ${weight}%`}`;
}
