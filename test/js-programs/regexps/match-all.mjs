// matchAll: its iterator, copies of the expression, indices, species.
export default () => {
  const re = /(\w)(\d)?/g;
  re.lastIndex = 1;
  const all = [...'a1b c2'.matchAll(re)].map((m) => [...m].map((v) => v ?? 'u').concat(m.index));
  const it = 'aa'.matchAll(/a/g);
  const tag = Object.prototype.toString.call(it);
  const first = it.next().value;
  re.lastIndex = 0;
  let bad;
  try {
    'a'.matchAll(/a/);
  } catch (e) {
    bad = e.name;
  }
  const during = [];
  const r2 = /\d/g;
  for (const m of '1234'.matchAll(r2)) {
    during.push(m[0]);
    r2.lastIndex = 99;
  }
  const custom = { [Symbol.matchAll]: (s) => [`custom ${s}`] };
  return {
    all,
    kept: re.lastIndex,
    tag,
    first: [first[0], first.index, first.input],
    rest: [...it].length,
    bad,
    during,
    empty: [...'ab'.matchAll(/(?:)/g)].map((m) => m.index),
    emptyU: [...'😀'.matchAll(/(?:)/gu)].map((m) => m.index),
    str: [...'a.a'.matchAll('.')].length,
    custom: 'x'.matchAll(custom),
    self: it[Symbol.iterator]() === it,
    parse: Object.fromEntries(
      [...'k1=v1&k2=v%202'.matchAll(/([^=&]+)=([^&]*)/g)].map(([, k, v]) => [k, decodeURIComponent(v)]),
    ),
  };
};
