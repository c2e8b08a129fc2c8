/** Native functions of snapvm. */
import { fileURLToPath } from 'node:url';
import { Engine } from '../../src/index.js';
import type { Peer, Subject, WorkName } from './peer.js';
import { snapvmVersion } from './snapvm-version.js';
import { asBytes, WORKS } from './work.js';

const GUEST = fileURLToPath(new URL('../../guest/bench/bench.elf', import.meta.url));
/** For the largest work, and the header of a message. */
const INPUT_BYTES = 32_768;

export const snapvmNative: Peer = {
  name: 'snapvm, native',
  version: snapvmVersion,
  how: {
    fresh: 'a call: it starts from the state the guest was in when it was defined',
    warm: 'the same: every call starts from fresh state',
  },
  unsupported: { json: 'the SDK for guests in C has no JSON' },
  open,
};

async function open(name: WorkName): Promise<Subject> {
  const { input, check } = asBytes(WORKS[name]);
  const engine = await Engine.start({ workers: 1 });
  const handle = await engine.define('work', { elf: GUEST }, { inputBytes: INPUT_BYTES });
  const call = async () => check(await handle.call(input, { fn: name }));
  return { call, close: () => engine.close() };
}
