// Node's async_hooks. The engine tells nobody which call a continuation belongs to: a store lasts from run() until what
// it ran has settled. Two asynchronous runs at the same time see the store of the later one.

class AsyncLocalStorage {
  #store;

  static bind(run) {
    return run;
  }

  static snapshot() {
    return (run, ...values) => run(...values);
  }

  getStore() {
    return this.#store;
  }

  enterWith(store) {
    this.#store = store;
  }

  disable() {
    this.#store = undefined;
  }

  run(store, run, ...values) {
    const before = this.#store;
    const restore = () => {
      this.#store = before;
    };
    this.#store = store;
    let result;
    try {
      result = run(...values);
    } catch (error) {
      restore();
      throw error;
    }
    if (typeof result?.then !== 'function') restore();
    else result.then(restore, restore);
    return result;
  }

  exit(run, ...values) {
    return this.run(undefined, run, ...values);
  }
}

class AsyncResource {
  constructor(type) {
    this.type = type;
  }

  static bind(run) {
    return run;
  }

  bind(run) {
    return run;
  }

  runInAsyncScope(run, self, ...values) {
    return Reflect.apply(run, self, values);
  }

  emitDestroy() {
    return this;
  }

  asyncId() {
    return 1;
  }

  triggerAsyncId() {
    return 0;
  }
}

const hook = { enable: () => hook, disable: () => hook };

export default {
  AsyncLocalStorage,
  AsyncResource,
  asyncWrapProviders: {},
  createHook: () => hook,
  executionAsyncId: () => 1,
  triggerAsyncId: () => 0,
  executionAsyncResource: () => ({}),
};
