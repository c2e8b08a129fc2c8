// Errors through async functions: try, finally, rethrow, rejected arguments.
export default async () => {
  const log = [];
  const fail = async (n) => {
    throw new RangeError(n);
  };
  const caught = async () => {
    try {
      await fail('a');
      return 'no';
    } catch (e) {
      return e.name;
    } finally {
      log.push('finally');
    }
  };
  const notAwaited = async () => {
    try {
      return fail('b');
    } catch {
      return 'not here';
    }
  };
  const awaited = async () => {
    try {
      return await fail('c');
    } catch {
      return 'here';
    }
  };
  const override = async () => {
    try {
      await fail('d');
    } finally {
      return 'override';
    }
  };
  const defaults = async (
    a = (() => {
      throw new TypeError('param');
    })(),
  ) => a;
  const syncThrow = async () => {
    null.x;
  };
  const chain = async () => {
    try {
      await fail('inner');
    } catch (e) {
      throw new Error('outer', { cause: e });
    }
  };
  const results = await Promise.allSettled([
    caught(),
    notAwaited(),
    awaited(),
    override(),
    defaults(),
    syncThrow(),
    chain(),
    (async () => {
      throw undefined;
    })(),
    (async () => {
      throw null;
    })(),
  ]);
  const c = await chain().catch((e) => [e.message, e.cause.message]);
  const loop = [];
  for (const f of [caught, notAwaited, awaited]) {
    try {
      loop.push(await f());
    } catch (e) {
      loop.push(`thrown ${e.message}`);
    }
  }
  const fin = await fail('x')
    .finally(() => 'ignored')
    .catch((e) => e.message);
  const finThrow = await Promise.resolve(1)
    .finally(() => {
      throw new TypeError('fin');
    })
    .catch((e) => e.name);
  return {
    results: results.map((r) => r.value ?? r.reason?.name ?? String(r.reason)),
    c,
    loop,
    fin,
    finThrow,
    log,
  };
};
