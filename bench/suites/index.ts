/** All suites, in the order in which they are run. */
import type { Suite } from '../harness/suite.js';
import { backendsCall, backendsCreate, backendsMemory, backendsThroughput } from './backends.js';
import { call, callWithRestoreImage, callWithRestorePages } from './call.js';
import { compute } from './compute.js';
import { create, createAndDropSuite } from './create.js';
import { define, hash } from './define.js';
import {
  callWithHostFunction,
  interruptLatency,
  largeInputOutput,
  latency,
  throughput,
} from './end-to-end.js';
import { firstTouch } from './first-touch.js';
import { hostileTenants } from './hostile-tenants.js';
import { http, httpNeighbour } from './http.js';
import { javascript } from './javascript.js';
import { jsPackages } from './js-packages.js';
import { lateness } from './lateness.js';
import { linux } from './linux.js';
import { manyFunctions } from './many-functions.js';
import { memory } from './memory.js';
import { peers } from './peers.js';
import { snapshotBuild, snapshotLoad } from './snapshot.js';

export const SUITES: readonly Suite[] = [
  call,
  callWithRestorePages,
  callWithRestoreImage,
  latency,
  throughput,
  manyFunctions,
  callWithHostFunction,
  largeInputOutput,
  interruptLatency,
  create,
  createAndDropSuite,
  snapshotBuild,
  snapshotLoad,
  define,
  hash,
  memory,
  backendsCall,
  backendsThroughput,
  backendsCreate,
  backendsMemory,
  javascript,
  compute,
  jsPackages,
  linux,
  hostileTenants,
  firstTouch,
  lateness,
  http,
  httpNeighbour,
  peers,
];
