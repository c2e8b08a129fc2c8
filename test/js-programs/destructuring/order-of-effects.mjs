// Getters, key expressions, defaults and targets in the order of the specification.
export default () => {
  const log = [];
  const src = {
    get a() {
      log.push('get a');
    },
    get b() {
      log.push('get b');
      return 1;
    },
    get c() {
      log.push('get c');
      return 2;
    },
  };
  const t = (n, v) => (log.push(n), v);
  const tgt = {
    set x(v) {
      log.push(`set x ${v}`);
    },
    set y(v) {
      log.push(`set y ${v}`);
    },
  };
  ({
    [t('key a', 'a')]: t('target x', tgt).x = t('default', 'd'),
    [t('key b', 'b')]: t('target y', tgt).y,
    ...tgt.rest
  } = src);
  log.push('---');
  const it = {
    [Symbol.iterator]() {
      let i = 0;
      return {
        next() {
          log.push(`next ${i}`);
          return { value: i++, done: i > 3 };
        },
        return() {
          log.push('return');
          return {};
        },
      };
    },
  };
  [t('t0', tgt).x, t('t1', tgt).y] = it;
  log.push('---');
  [tgt.x, ...tgt.all] = it;
  log.push('---');
  [] = it;
  log.push('---');
  try {
    [tgt.x, { z: tgt.y }] = [1];
  } catch (e) {
    log.push(e.name);
  }
  try {
    [
      {
        set v(_) {
          throw new RangeError('setter');
        },
      }.v,
    ] = it;
  } catch (e) {
    log.push(e.name);
  }
  const keys = [];
  const p = new Proxy(
    { a: 1, b: 2, c: 3 },
    {
      get: (o, k) => (keys.push(`get ${k}`), o[k]),
      ownKeys: (o) => (keys.push('ownKeys'), Reflect.ownKeys(o)),
      getOwnPropertyDescriptor: (o, k) => (keys.push(`desc ${k}`), Reflect.getOwnPropertyDescriptor(o, k)),
    },
  );
  const { b, ...rest } = p;
  return { log, all: tgt.all, rest, keys, b };
};
