import { hostModule } from '../shared/host-module.js';

export default hostModule('worker_threads', {
  isMainThread: true,
  parentPort: null,
  workerData: null,
  threadId: 0,
  resourceLimits: {},
});
