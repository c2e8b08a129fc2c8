// Left to right: operands, keys before values, targets before sources.
export default () => {
  const log = [];
  const t = (name, v = name) => (log.push(name), v);
  const mark = () => log.splice(0).join(' ');
  const out = {};
  t('a', 1) + t('b', 2) * t('c', 3);
  out.arithmetic = mark();
  const o = {};
  t('obj', o)[t('key')] = t('value');
  out.assign = mark();
  ({ [t('k1')]: t('v1'), [t('k2')]: t('v2') });
  out.literal = mark();
  const f = (...x) => x;
  t('fn', f)(t('x'), ...t('spread', [1]), t('y'));
  out.call = mark();
  [t('t1', o)[t('p1')], t('t2', o)[t('p2')]] = t('source', [1, 2]);
  out.destructure = mark();
  const order = (a = t('da'), b = t('db')) => a + b;
  order(t('given'));
  out.defaults = mark();
  class C extends t('base', Object) {
    static [t('m1')] = t('static1');
    [t('m2')] = t('inst');
    static [t('m3')]() {}
    static {
      t('block');
    }
  }
  out.class = mark();
  new C();
  out.new = mark();
  let x = 1;
  const r = x + (x = 5) + x;
  const i = { n: 1 };
  i.n += i.n = 10;
  `${t('p')}${t('q')}`;
  out.template = mark();
  t('L', 0) && t('R');
  t('L2', 1) || t('R2');
  t('L3', null) ?? t('R3');
  out.logic = mark();
  return { ...out, r, n: i.n };
};
