import { hostModule } from '../shared/host-module.js';
import messages from '../web/messages.js';

export default hostModule('worker_threads', {
  isMainThread: true,
  parentPort: null,
  workerData: null,
  threadId: 0,
  resourceLimits: {},
  ...messages,
});
