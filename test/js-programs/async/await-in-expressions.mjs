// Suspension in the middle of every kind of expression keeps what was already evaluated.
export default async () => {
  const log = [];
  const t = async (v) => (log.push(v), v);
  let x = 1;
  const bump = async () => {
    x = 10;
    return 1;
  };
  const sum = x + (await bump()) + x;
  const o = { v: 1 };
  o.v += await (async () => {
    o.v = 100;
    return 1;
  })();
  const arr = [x, await t('a'), (x = 3), await t('b'), x];
  const call = ((...a) => a.join(''))(await t('c'), x, await t('d'));
  const obj = { [await t('k')]: await t('v'), ...(await t({ s: 1 })) };
  const tpl = `${await t('p')}-${x}-${await t('q')}`;
  const cond = (await t(0)) || (await t('or'));
  const nn = (await t(null)) ?? (await t('nn'));
  const chain = await (
    await (
      async () => async () =>
        'called'
    )()
  )();
  const neg = (-(await t(5))) ** 2;
  const { d = await t('dflt') } = {};
  class K {
    static [await t('comp')] = 1;
  }
  const tag = ((s, ...v) => s.raw.join('|') + v)`a${await t(1)}b${await t(2)}`;
  const opt = (await t({ f: async () => 'opt' }))?.f?.();
  let i = 0;
  const list = [i++, await t(i++), i++];
  return {
    sum,
    v: o.v,
    arr,
    call,
    obj,
    tpl,
    cond,
    nn,
    chain,
    neg,
    d,
    K: K.comp,
    tag,
    opt: await opt,
    list,
    n: log.length,
  };
};
