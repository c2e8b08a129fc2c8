// Anything can be thrown, and finally, rethrow and nesting keep it as it is.
export default async () => {
  const things = [undefined, null, 0, '', 'text', 5n, Symbol.for('thrown'), { code: 1 }, [1, 2], () => 'fn'];
  const kind = (e) =>
    typeof e === 'symbol'
      ? e.description
      : typeof e === 'function'
        ? e()
        : typeof e === 'bigint'
          ? `${e}n`
          : e === undefined
            ? 'undefined'
            : e;
  const sync = things.map((t) => {
    try {
      try {
        throw t;
      } finally {
        void 0;
      }
    } catch (e) {
      return e === t && kind(e);
    }
  });
  const rejected = await Promise.all(things.map((t) => Promise.reject(t).catch((e) => kind(e))));
  const nested = (() => {
    const log = [];
    try {
      try {
        try {
          throw 1;
        } catch (e) {
          throw e + 1;
        } finally {
          log.push('f1');
        }
      } catch (e) {
        log.push(e);
        throw e * 10;
      } finally {
        log.push('f2');
      }
    } catch (e) {
      log.push(e);
    }
    return log;
  })();
  function* g() {
    throw 'from generator';
  }
  const gen = (() => {
    try {
      [...g()];
    } catch (e) {
      return e;
    }
  })();
  const getter = (() => {
    try {
      return {
        get x() {
          throw 'getter';
        },
      }.x;
    } catch (e) {
      return e;
    }
  })();
  const param = (() => {
    try {
      return ((
        a = (() => {
          throw 'default';
        })(),
      ) => a)();
    } catch (e) {
      return e;
    }
  })();
  const conv = (() => {
    try {
      return `${{
        toString() {
          throw 'conversion';
        },
      }}`;
    } catch (e) {
      return e;
    }
  })();
  const sort = (() => {
    try {
      return [1, 2].sort(() => {
        throw 'compare';
      });
    } catch (e) {
      return e;
    }
  })();
  const scope = (() => {
    const e = 'outer';
    try {
      throw 'inner';
    } catch (e) {
      var v = e;
    }
    return [e, v];
  })();
  return { sync, rejected, nested, gen, getter, param, conv, sort, scope };
};
