// Cleaning up in order: a defer stack, using-like helpers, async finalisers, suppressed errors.
export default async () => {
  const log = [];
  const scope = async (f) => {
    const st = [];
    let err,
      failed = false,
      val;
    try {
      val = await f((d) => st.push(d));
    } catch (e) {
      [err, failed] = [e, true];
    }
    while (st.length) {
      try {
        await st.pop()();
      } catch (e) {
        err = failed ? new AggregateError([e, err], 'suppressed') : e;
        failed = true;
      }
    }
    if (failed) throw err;
    return val;
  };
  const open = (n) => {
    log.push(`open ${n}`);
    return () => {
      log.push(`close ${n}`);
    };
  };
  const ok = await scope(async (defer) => {
    defer(open('a'));
    await null;
    defer(open('b'));
    return 'done';
  });
  const s = (p) =>
    p.catch((e) => (e instanceof AggregateError ? [e.message, ...e.errors.map(String)] : String(e)));
  const bad = await s(
    scope(async (d) => {
      d(open('c'));
      throw 'body';
    }),
  );
  const both = await s(
    scope(async (d) => {
      d(() => {
        throw 'cleanup';
      });
      d(open('d'));
      throw 'body';
    }),
  );
  const only = await s(
    scope((d) => {
      d(() => Promise.reject('late'));
      return 1;
    }),
  );
  const many = await s(
    scope((d) => {
      d(() => {
        throw 1;
      });
      d(() => {
        throw 2;
      });
    }),
  );
  const retry = [];
  for (let i = 0; i < 3; i++) {
    try {
      if (i < 2) throw i;
      retry.push('ok');
    } catch (e) {
      retry.push(e);
      continue;
    } finally {
      retry.push('f');
    }
  }
  return { ok, bad, both, only, many, log, retry };
};
