/** `snapvm build`: the addon from its sources, where the prebuilt one does not load. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { defineCommand } from './arguments.js';

const SCRIPT = fileURLToPath(new URL('../../../scripts/build-native.mjs', import.meta.url));

export const buildCommand = defineCommand({
  name: 'build',
  summary:
    'Builds the native addon from source, for a machine on which the one in the package does not load.',
  positionals: [],
  flags: {},
  notes: `It takes a C and a C++ compiler, make, python3 (Debian, Ubuntu: build-essential python3) and node-gyp: npm's own,
or one installed beside snapvm. From then on this addon is loaded, until snapvm is installed anew.`,
  run: async () => {
    const [status] = (await once(spawn(process.execPath, [SCRIPT], { stdio: 'inherit' }), 'close')) as [
      number | null,
    ];
    return status ?? 1;
  },
});
