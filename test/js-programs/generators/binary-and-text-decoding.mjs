// Generators that parse: varints, UTF-8 by hand, indentation, run lengths.
export default () => {
  function* utf8(bytes) {
    const it = bytes[Symbol.iterator]();
    for (const b of it) {
      const n = b < 0x80 ? 0 : b < 0xe0 ? 1 : b < 0xf0 ? 2 : 3;
      let c = n ? b & (0x3f >> n) : b;
      for (let i = 0; i < n; i++) c = (c << 6) | (it.next().value & 63);
      yield String.fromCodePoint(c);
    }
  }
  function* varints(bs) {
    let v = 0,
      s = 0;
    for (const b of bs) {
      v |= (b & 127) << s;
      s += 7;
      if (b < 128) {
        yield v;
        v = s = 0;
      }
    }
  }
  function* indent(ls) {
    const st = [0];
    for (const l of ls) {
      const n = l.search(/\S/);
      while (n < st.at(-1)) {
        st.pop();
        yield '}';
      }
      if (n > st.at(-1)) {
        st.push(n);
        yield '{';
      }
      yield l.trim();
    }
    while (st.pop()) yield '}';
  }
  function* runs(s) {
    let p,
      n = 0;
    for (const c of s) {
      if (c === p) n++;
      else {
        if (n) yield [p, n];
        p = c;
        n = 1;
      }
    }
    if (n) yield [p, n];
  }
  return [
    [...utf8(new TextEncoder().encode('aé€😀'))],
    [...varints([1, 0x96, 1, 0xff, 0xff, 3])],
    [...indent(['a', '  b', '    c', '  d', 'e', '  f'])].join(' '),
    [...runs('aaabccdd')],
    [...runs('')],
  ];
};
