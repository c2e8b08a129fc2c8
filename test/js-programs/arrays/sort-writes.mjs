// What sort writes, and where it may not; joins of arrays within themselves; frozen and sealed ones asked by proxies.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const log = [];
  const traced = (target) =>
    new Proxy(target, {
      set: (o, k, v) => log.push(`set ${k}=${v}`) && Reflect.set(o, k, v),
      isExtensible: (o) => log.push('isExtensible') && Reflect.isExtensible(o),
      ownKeys: (o) => log.push('ownKeys') && Reflect.ownKeys(o),
    });
  traced([1, 2, 3]).sort();
  const readOnly = Object.defineProperty([1, 2], 0, { writable: false });
  const loop = [1];
  loop.push([2, loop, [loop]], loop);
  return {
    frozen: [
      nameOf(() => Object.freeze([1, 2]).sort()),
      nameOf(() => Object.freeze([]).sort().length),
      nameOf(() => readOnly.sort()),
      nameOf(() => Object.preventExtensions([1, 2]).sort()),
    ],
    cycle: [String(loop), loop.join('-'), loop.toLocaleString(), [loop, loop].join(';'), String(loop)],
    asked: [Object.isFrozen(traced({ a: 1 })), Object.isSealed(traced(Object.freeze({ a: 1 })))],
    spread: [{ ...'ab', ...1, ...null, ...Object('c') }, Object.keys({ ...'é😀' })],
    rest: (({ length, ...rest }) => [length, rest])('xy'),
    log,
  };
};
