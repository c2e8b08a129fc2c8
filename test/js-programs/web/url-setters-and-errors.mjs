// Setters ignore nonsense, the constructor throws.
export default () => {
  const u = new URL('http://a.b/c?d#e');
  const steps = [];
  for (const [k, v] of [
    ['protocol', 'https'],
    ['host', 'x.y:99'],
    ['port', '443'],
    ['port', 'abc'],
    ['hostname', 'h'],
    ['pathname', 'p q'],
    ['search', 'a=b'],
    ['search', ''],
    ['hash', '#z'],
    ['hash', ''],
    ['username', 'me'],
    ['password', 'p:w'],
    ['protocol', 'foo'],
    ['href', 'http://new/'],
  ]) {
    u[k] = v;
    steps.push(u.href);
  }
  const errs = ['', 'x', '//h', 'http://', 'http://a b/', 'http://h:99999', 'http://[::1', 'http://%'].map(
    (s) => {
      try {
        new URL(s);
        return 'ok';
      } catch (e) {
        return e.name;
      }
    },
  );
  let bad;
  try {
    u.href = 'nope';
  } catch (e) {
    bad = e.name;
  }
  return {
    steps,
    errs,
    bad,
    json: JSON.stringify(u),
    str: `${u}`,
    params: (() => {
      const v = new URL('http://h/?a=1');
      v.searchParams.append('b', 'x y');
      const s = [v.search];
      v.search = '?z=9';
      s.push(v.searchParams.get('z'));
      v.searchParams.delete('z');
      s.push(v.href);
      return s;
    })(),
  };
};
