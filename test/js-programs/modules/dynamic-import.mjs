// import() by literal: the same instance, named parts, in expressions.
export default async () => {
  const [a, b] = await Promise.all([import('./parts/counter.js'), import('./parts/counter.js')]);
  a.reset();
  a.increment(3);
  const seen = [a === b, b.count, Object.keys(a)];
  const { default: sq, PI } = await import('./parts/geometry.js');
  const viaThen = await import('./parts/geometry.js').then((m) => m.area(1));
  a.reset();
  const lazy = { load: () => import('./parts/geometry.js') };
  return {
    seen,
    sq: sq(5),
    PI,
    viaThen,
    promise: import('./parts/counter.js') instanceof Promise,
    lazy: (await lazy.load()).PI,
    order: await (async () => {
      const log = [];
      const p = import('./parts/geometry.js').then(() => log.push('import'));
      log.push('sync');
      await p;
      return log;
    })(),
  };
};
