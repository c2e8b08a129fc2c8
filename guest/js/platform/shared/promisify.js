const custom = Symbol.for('nodejs.util.promisify.custom');

function functionOf(run, name) {
  if (typeof run === 'function') return run;
  throw Object.assign(new TypeError(`The "${name}" argument must be of type function`), {
    code: 'ERR_INVALID_ARG_TYPE',
  });
}

export function promisify(original) {
  const own = functionOf(original, 'original')[custom];
  if (own !== undefined) return Object.defineProperty(own, custom, { value: own, configurable: true });
  function promised(...values) {
    return new Promise((resolve, reject) => {
      Reflect.apply(original, this, [
        ...values,
        (error, value) => {
          if (error) reject(error);
          else resolve(value);
        },
      ]);
    });
  }
  Object.setPrototypeOf(promised, Object.getPrototypeOf(original));
  Object.defineProperty(promised, custom, { value: promised, configurable: true });
  return Object.defineProperties(promised, Object.getOwnPropertyDescriptors(original));
}
promisify.custom = custom;

export function callbackify(original) {
  functionOf(original, 'original');
  function called(...values) {
    const done = functionOf(values.pop(), 'last argument');
    Reflect.apply(original, this, values).then(
      (value) => queueMicrotask(() => done(null, value)),
      (reason) => queueMicrotask(() => done(reason || new Error('Promise was rejected with a falsy value'))),
    );
  }
  Object.defineProperty(called, 'name', { value: `${original.name}Callbackified`, configurable: true });
  Object.defineProperty(called, 'length', { value: original.length + 1, configurable: true });
  return called;
}
