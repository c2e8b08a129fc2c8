/** `snapvm rollback`: has a function run again what it ran before. */
import { SnapvmClient } from '../client/client.js';
import { defineCommand } from './arguments.js';
import { withKnownFunction } from './known-function.js';
import { shownTarget } from './list.js';
import { print, printJson } from './output.js';
import { CLIENT_FLAGS, CLIENT_NOTE, clientOptions } from './server-client.js';

export const rollbackCommand = defineCommand({
  name: 'rollback',
  summary: 'Makes the version live again that a function had before; twice goes back twice.',
  positionals: ['name'],
  offers: 'function',
  flags: {
    ...CLIENT_FLAGS,
    json: { help: 'Print the function as one JSON object: name, live, versions, aliases and more; or error' },
  },
  notes: CLIENT_NOTE,
  run: async (args) => {
    const options = await clientOptions(args);
    const name = args.positional(0);
    const info = await withKnownFunction(options, name, () => new SnapvmClient(options).rollback(name));
    if (args.has('json')) await printJson(info);
    else await print(`${info.name}: live is ${(info.live ?? []).map(shownTarget).join(', ')}\n`);
    return 0;
  },
});
