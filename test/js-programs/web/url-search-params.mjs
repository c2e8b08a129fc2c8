// URLSearchParams: construction, order, repeated keys, sorting, encoding.
export default () => {
  const p = new URLSearchParams('?a=1&b=2&a=3&c&d=&=e&%E2%82%AC=%zz+x');
  const all = [...p];
  p.append('a', '4');
  p.set('b', 'two words');
  p.delete('d');
  const sorted = new URLSearchParams('z=1&a=2&z=0&é=3&B=4');
  sorted.sort();
  const each = [];
  new URLSearchParams('x=1&y=2').forEach((v, k) => each.push(k + v));
  let err;
  try {
    new URLSearchParams([['a']]);
  } catch (e) {
    err = e.name;
  }
  return {
    all,
    get: [p.get('a'), p.getAll('a'), p.get('none'), p.has('c'), p.has('zz')],
    str: String(p),
    sorted: String(sorted),
    each,
    from: [
      new URLSearchParams({ a: 1, b: null }),
      new URLSearchParams([
        ['x', 'y'],
        ['x', 'z'],
      ]),
      new URLSearchParams(new URLSearchParams('q=1')),
      new URLSearchParams(),
      new URLSearchParams('a=b=c&&d'),
      new URLSearchParams("k=!'()~*-._ +&é😀"),
    ].map(String),
    err,
    keys: [...p.keys()],
    values: [...sorted.values()],
    entries: p.entries().next().value,
    setNew: (() => {
      const s = new URLSearchParams('a=1&a=2&b=3');
      s.set('a', 'x');
      s.set('n', 5);
      return String(s);
    })(),
  };
};
