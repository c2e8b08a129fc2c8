/** WebAssembly plug-ins. The one here is written by hand, so that no compiler of WebAssembly is needed. */
import { readFileSync } from 'node:fs';
import { BENCH, installedVersion, requirePeer } from './install.js';
import type { Mode, Peer, Subject, WorkName } from './peer.js';
import { asBytes, WORKS } from './work.js';

interface Library {
  createPlugin(manifest: { wasm: readonly { module: object }[] }): Promise<Plugin>;
}

interface Plugin {
  call(name: string, input: Uint8Array): Promise<{ bytes(): Uint8Array } | null>;
  reset(): Promise<boolean>;
  close(): Promise<void>;
}

type Wabt = () => Promise<{
  parseWat(
    file: string,
    text: string,
  ): { toBinary(options: object): { buffer: Uint8Array }; destroy(): void };
}>;

// This version has no time limit, and one for memory only inside the plug-in.
export const extism: Peer = {
  name: 'extism',
  version: () => installedVersion('@extism/extism'),
  how: {
    fresh: 'a new plug-in from a compiled module, its function called, the plug-in closed; no time limit',
    warm: "one plug-in's function called, and the blocks of memory it exchanged with the host reset; no time limit",
  },
  // It loads Node's WASI, of which Node warns, whether a plug-in wants it or not.
  execArgv: ['--no-warnings'],
  unsupported: { json: 'the plug-in is written by hand, in WebAssembly, which has no JSON' },
  open,
};

async function open(name: WorkName, mode: Mode): Promise<Subject> {
  const { createPlugin } = requirePeer('@extism/extism') as Library;
  const { input, check } = asBytes(WORKS[name]);
  const manifest = { wasm: [{ module: await assemble() }] };
  const ask = async (plugin: Plugin) => {
    const output = await plugin.call(name, input);
    if (output === null) throw new Error('the plug-in set no output');
    check(output.bytes());
  };
  if (mode === 'fresh') {
    const call = async () => {
      const plugin = await createPlugin(manifest);
      await ask(plugin);
      await plugin.close();
    };
    return { call, close: () => {} };
  }
  const plugin = await createPlugin(manifest);
  const call = async () => {
    await ask(plugin);
    // Otherwise it keeps every input and output for as long as it lives.
    await plugin.reset();
  };
  return { call, close: () => plugin.close() };
}

async function assemble(): Promise<object> {
  const text = readFileSync(new URL('peers/extism-plugin.wat', BENCH), 'utf8');
  const parsed = (await (requirePeer('wabt') as Wabt)()).parseWat('extism-plugin.wat', text);
  const { buffer } = parsed.toBinary({});
  parsed.destroy();
  const { WebAssembly } = globalThis as unknown as {
    WebAssembly: { Module: new (code: Uint8Array) => object };
  };
  return new WebAssembly.Module(buffer);
}
