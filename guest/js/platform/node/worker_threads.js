// There is one thread: what would make another fails, and nothing that newer versions of Node have is there.
import { missing } from '../shared/host-module.js';
import messages from '../web/messages.js';

const NONE = ['BroadcastChannel', 'Worker', 'moveMessagePortToContext', 'receiveMessageOnPort'].concat(
  'postMessageToThread',
);
const environment = new Map();

export default {
  ...Object.fromEntries(NONE.map((name) => [name, missing(`worker_threads.${name}`)])),
  ...messages,
  SHARE_ENV: Symbol.for('nodejs.worker_threads.SHARE_ENV'),
  getEnvironmentData: (key) => environment.get(key),
  setEnvironmentData(key, value) {
    if (value === undefined) environment.delete(key);
    else environment.set(key, value);
  },
  isMainThread: true,
  markAsUntransferable() {},
  parentPort: null,
  resourceLimits: {},
  threadId: 0,
  workerData: null,
};
