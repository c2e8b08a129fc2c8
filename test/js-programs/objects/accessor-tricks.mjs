// Lazy values, computed aliases, counted reads, setters that veto, super in object literals.
export default () => {
  let reads = 0;
  const o = {
    get n() {
      return ++reads;
    },
    set n(v) {
      reads = v * 10;
    },
    get [`al${'ias'}`]() {
      return this.n;
    },
  };
  const seq = [o.n, o.n, o.alias, (o.n = 5), o.n];
  const sub = {
    __proto__: o,
    get n() {
      return -super.n;
    },
    set n(v) {
      super.n = v + 1;
    },
  };
  seq.push(sub.n, (sub.n = 1), sub.n, sub.alias);
  const { n, ...rest } = o;
  seq.push(n, Object.keys(rest));
  const copy = Object.assign({}, o);
  seq.push(copy.n === copy.n, Object.getOwnPropertyDescriptor(copy, 'n').writable);
  o.n++;
  seq.push(o.n);
  o.n ||= 3;
  o.n &&= 4;
  seq.push(reads, 'n' in o, delete o.n, 'n' in o, sub.n);
  return seq.map((v) => (Number.isNaN(v) ? 'NaN' : (v ?? 'u')));
};
