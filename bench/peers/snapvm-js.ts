/** JavaScript functions of snapvm. */
import { Engine } from '../../src/index.js';
import type { Peer, Subject, WorkName } from './peer.js';
import { snapvmVersion } from './snapvm-version.js';
import { WORKS } from './work.js';

export const snapvmJs: Peer = {
  name: 'snapvm, JavaScript',
  version: snapvmVersion,
  how: {
    fresh: 'a call: it starts from the state the module left when it was defined',
    warm: 'the same: every call starts from fresh state',
  },
  open,
};

async function open(name: WorkName): Promise<Subject> {
  const work = WORKS[name];
  const engine = await Engine.start({ workers: 1 });
  const handle = await engine.define('work', { js: `export default ${work.handler};` });
  const call = async () => work.check(await handle.call(work.input));
  return { call, close: () => engine.close() };
}
