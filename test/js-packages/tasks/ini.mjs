import ini from 'ini';

export default () => {
  const text = '; note\na = 1\nb[] = x\nb[] = "y z"\n[s.t]\nc = true\nd = null\ne = \'q;"\'\n[p\\.q]\nf==g\n';
  const tree = ini.parse(text);
  return [
    tree,
    ini.stringify(tree),
    ini.encode({ a: { b: { c: [1, 2] } } }, { whitespace: true }),
    ini.safe(';#x'),
    ini.unsafe('"a b"'),
  ];
};
