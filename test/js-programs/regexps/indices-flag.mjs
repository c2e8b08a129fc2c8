// The d flag: where each group matched.
export default () => {
  const m = /(?<a>b+)(c)?(?<d>d)?/d.exec('abbc');
  const all = [...'x1 y22'.matchAll(/([a-z])(?<num>\d+)/dg)].map((k) => [
    k.indices[0],
    k.indices[1],
    k.indices.groups.num,
  ]);
  const u = /(?<e>.)b/du.exec('a😀b');
  return {
    indices: m.indices.map((i) => i ?? 'none'),
    groups: Object.fromEntries(Object.entries(m.indices.groups).map(([k, v]) => [k, v ?? 'none'])),
    without: /a/.exec('a').indices === undefined,
    all,
    u: [u.indices[0], u.indices.groups.e],
    nullProto: Object.getPrototypeOf(m.indices.groups) === null,
    noGroups: /a/d.exec('a').indices.groups === undefined,
    matched: 'ab'.match(/b/d).indices[0],
    mark: (() => {
      const k = /(\w+)@(\w+)/d.exec('to: joe@site now');
      const [s, e] = k.indices[2];
      return `${k.input.slice(0, s)}[${k.input.slice(s, e)}]${k.input.slice(e)}`;
    })(),
  };
};
