// Natural order, case-insensitive order, by length, by several keys; by code units only.
export default () => {
  const nat = (a, b) => {
    const r = /(\d+)|(\D+)/g;
    const [x, y] = [a.match(r) ?? [], b.match(r) ?? []];
    for (let i = 0; i < Math.min(x.length, y.length); i++) {
      const d = /\d/.test(x[i]) && /\d/.test(y[i]) ? x[i] - y[i] : x[i] < y[i] ? -1 : +(x[i] > y[i]);
      if (d) return d;
    }
    return x.length - y.length;
  };
  const l = ['img12', 'img10', 'img2', 'IMG1', 'img1b', 'img', '7up', '10x'];
  return {
    nat: l.toSorted(nat),
    def: l.toSorted(),
    ci: l.toSorted((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1)),
    len: l.toSorted((a, b) => b.length - a.length),
    ver: ['1.10.0', '1.2', '1.2.10', '1.2.9'].sort(nat),
    rev: l.toSorted((a, b) => nat(b, a))[0],
  };
};
