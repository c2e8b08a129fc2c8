// Custom matchers in string methods, hooks in operators, species-free tags.
export default () => {
  class Glob {
    constructor(g) {
      this.re = new RegExp(`${g.replaceAll('*', '.*')}`);
    }
    [Symbol.match](s) {
      return this.re.exec(s)?.[0] ?? null;
    }
    [Symbol.search](s) {
      return s.search(this.re);
    }
    [Symbol.replace](s, r) {
      return s.replace(this.re, typeof r === 'function' ? (m) => r(m.length) : `<${r}>`);
    }
    [Symbol.split](s, n) {
      return s.split(this.re, n).map((x) => x.trim());
    }
  }
  class Temp {
    constructor(c) {
      this.c = c;
    }
    [Symbol.toPrimitive](hint) {
      return { number: this.c, string: `${this.c}C`, default: `${this.c} deg` }[hint];
    }
  }
  const t = new Temp(20);
  return [
    'hello'.match(new Glob('l*')),
    'hello'.match(new Glob('z')),
    'hello'.search(new Glob('l')),
    'hello'.replace(new Glob('ll'), 'LL'),
    'hello'.replace(new Glob('ll'), (n) => n),
    'a ; b ; c'.split(new Glob(';'), 2),
    `${t}`,
    t + '',
    t * 2,
    +t,
    t > 19,
    t == '20 deg',
    [t] + '',
    { [t]: 1 },
    `${[t, t]}`,
    String(t),
    Number(t),
    'x'.repeat(new Temp(3)),
    [1, 2, 3, 4].at(new Temp(1)),
    Math.sqrt(new Temp(16)),
    'abc'.slice(new Temp(1)),
    JSON.stringify(t),
    isNaN(t),
    parseInt(t),
  ];
};
