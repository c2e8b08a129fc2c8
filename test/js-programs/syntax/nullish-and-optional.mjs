// ?? and ?. in every position, with their short circuits.
export default () => {
  const log = [];
  const t = (v) => (log.push(v), v);
  const o = {
    a: { b: [10, { c: 'deep' }] },
    f() {
      return this === o;
    },
    nil: null,
    zero: 0,
    empty: '',
  };
  const none = undefined;
  const out = [
    o?.a?.b?.[1]?.c,
    o.x?.y.z.w,
    o.x?.[t('never')].q(t('never')),
    o.f?.(),
    o.g?.(t('never')),
    o.nil?.length ?? 'nothing',
    o.zero ?? 'd',
    o.empty ?? 'd',
    o.zero || 'd',
    none?.[0],
    none?.(1),
    (o?.f)(),
    o?.['f'](),
    o.a?.b.length,
    o.a?.b?.at(-1)?.c.length,
    null ?? undefined ?? 'last',
    (null || undefined) ?? 'mixed',
    delete o?.nil,
    'nil' in o,
    delete none?.x,
    `${none?.x}`,
    typeof none?.x.y,
    none?.x === undefined,
    (() => o)?.()?.zero,
    ''?.length,
    (0)?.toFixed(1),
  ].map((v) => (v === undefined ? 'undefined' : v));
  let error;
  try {
    (none?.x).y;
  } catch (e) {
    error = e.name;
  }
  const tern = true ? 0.5 : 1;
  return { out, log, error, tern };
};
