import { missing } from '../shared/host-module.js';
import classes from '../web/performance.js';

class PerformanceObserver {
  static supportedEntryTypes = [];

  observe() {}

  disconnect() {}

  takeRecords() {
    return [];
  }
}

export default {
  performance: globalThis.performance,
  ...classes,
  Performance: missing('perf_hooks.Performance'),
  PerformanceObserver,
  PerformanceObserverEntryList: missing('perf_hooks.PerformanceObserverEntryList'),
  PerformanceResourceTiming: missing('perf_hooks.PerformanceResourceTiming'),
  constants: {},
  createHistogram: missing('perf_hooks.createHistogram'),
  monitorEventLoopDelay: missing('perf_hooks.monitorEventLoopDelay'),
};
