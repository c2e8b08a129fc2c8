const { setTimeout: later, setInterval: every, setImmediate: soon } = globalThis;

function abortError(signal) {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

function wait(begin, end, value, signal) {
  if (signal?.aborted) return Promise.reject(abortError(signal));
  return new Promise((resolve, reject) => {
    const aborted = () => {
      end(timer);
      reject(abortError(signal));
    };
    const timer = begin(() => {
      signal?.removeEventListener('abort', aborted);
      resolve(value);
    });
    signal?.addEventListener('abort', aborted, { once: true });
  });
}

const setTimeout = (delay, value, { signal } = {}) =>
  wait((run) => later(run, delay), clearTimeout, value, signal);
const setImmediate = (value, { signal } = {}) => wait(soon, clearImmediate, value, signal);

async function* setInterval(delay, value, { signal } = {}) {
  let due = 0;
  let wake = () => {};
  const timer = every(() => {
    due += 1;
    wake();
  }, delay);
  const aborted = () => wake();
  signal?.addEventListener('abort', aborted);
  try {
    for (;;) {
      if (signal?.aborted) throw abortError(signal);
      if (due === 0) {
        await new Promise((resolve) => {
          wake = resolve;
        });
        continue;
      }
      due -= 1;
      yield value;
    }
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', aborted);
  }
}

const scheduler = {
  wait: (delay, options) => setTimeout(delay, undefined, options),
  yield: () => setImmediate(),
};

export default { setTimeout, setImmediate, setInterval, scheduler };
