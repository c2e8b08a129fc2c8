/** The peers. Their packages are loaded when one is opened: they may not be installed. */
import { childProcess } from './child-process.js';
import { extism } from './extism.js';
import { isolatedVm } from './isolated-vm.js';
import { nodeVm } from './node-vm.js';
import type { Peer } from './peer.js';
import { quickjsEmscripten } from './quickjs-emscripten.js';
import { snapvmJs } from './snapvm-js.js';
import { snapvmNative } from './snapvm-native.js';
import { workerThreads } from './worker-threads.js';

export const PEERS: readonly Peer[] = [
  snapvmJs,
  snapvmNative,
  isolatedVm,
  quickjsEmscripten,
  extism,
  nodeVm,
  workerThreads,
  childProcess,
];
