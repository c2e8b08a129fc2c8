/** `snapvm remove`: removes a function from a server. */
import { SnapvmClient } from '../client/client.js';
import { defineCommand } from './arguments.js';
import { withKnownFunction } from './known-function.js';
import { print, printJson } from './output.js';
import { CLIENT_FLAGS, CLIENT_NOTE, clientOptions } from './server-client.js';

export const removeCommand = defineCommand({
  name: 'remove',
  summary: 'Removes a function from a server, with all its versions; calls on their way end.',
  positionals: ['name'],
  offers: 'function',
  flags: { ...CLIENT_FLAGS, json: { help: 'Print one JSON object: removed; or error' } },
  notes: CLIENT_NOTE,
  run: async (args) => {
    const name = args.positional(0);
    const options = await clientOptions(args);
    await withKnownFunction(options, name, () => new SnapvmClient(options).remove(name));
    if (args.has('json')) await printJson({ removed: name });
    else await print(`${name}: removed\n`);
    return 0;
  },
});
