// A regular expression engine by derivatives: | * + ? . classes and groups.
const E = { t: 'eps' },
  N = { t: 'none' };
const cat = (a, b) => (a === N || b === N ? N : a === E ? b : b === E ? a : { t: 'cat', a, b });
const alt = (a, b) => (a === N ? b : b === N ? a : { t: 'alt', a, b });
const star = (a) => (a === E || a === N ? E : { t: 'star', a });
const parse = (s) => {
  let i = 0;
  const atom = () => {
    const c = s[i++];
    if (c === '(') {
      const e = either();
      i++;
      return e;
    }
    if (c === '.') return { t: 'set', f: () => true };
    if (c === '[') {
      const neg = s[i] === '^' && !!i++;
      let body = '';
      while (s[i] !== ']') body += s[i++];
      i++;
      const cs = body.replace(/(.)-(.)/g, (_, a, b) => {
        let o = '';
        for (let k = a.charCodeAt(0); k <= b.charCodeAt(0); k++) o += String.fromCharCode(k);
        return o;
      });
      return { t: 'set', f: (x) => cs.includes(x) !== neg };
    }
    const ch = c === '\\' ? s[i++] : c;
    return { t: 'set', f: (x) => x === ch };
  };
  const rep = () => {
    let e = atom();
    for (; '*+?'.includes(s[i]) && i < s.length; i++)
      e = s[i] === '*' ? star(e) : s[i] === '+' ? cat(e, star(e)) : alt(E, e);
    return e;
  };
  const seq = () => {
    let e = E;
    while (i < s.length && s[i] !== '|' && s[i] !== ')') e = cat(e, rep());
    return e;
  };
  const either = () => {
    let e = seq();
    while (s[i] === '|') {
      i++;
      e = alt(e, seq());
    }
    return e;
  };
  return either();
};
const nul = (e) =>
  ({
    eps: () => true,
    none: () => false,
    set: () => false,
    star: () => true,
    cat: () => nul(e.a) && nul(e.b),
    alt: () => nul(e.a) || nul(e.b),
  })[e.t]();
const der = (e, c) =>
  ({
    eps: () => N,
    none: () => N,
    set: () => (e.f(c) ? E : N),
    star: () => cat(der(e.a, c), e),
    alt: () => alt(der(e.a, c), der(e.b, c)),
    cat: () => (nul(e.a) ? alt(cat(der(e.a, c), e.b), der(e.b, c)) : cat(der(e.a, c), e.b)),
  })[e.t]();
const test = (re, s) => nul([...s].reduce(der, parse(re)));
export default () =>
  [
    ['a*b', ['b', 'aaab', 'aba']],
    ['(ab|c)+d?', ['ab', 'cabd', 'd', '']],
    ['[a-c]x[^0-9]', ['bxz', 'dxz', 'ax5']],
    ['.*foo.*', ['a foo b', 'fo']],
    ['(a|b)*abb', ['abb', 'babaabb', 'ab']],
    ['\\(\\*\\)', ['(*)', '()']],
    ['', ['', 'a']],
    ['(0|1(01*0)*1)+', ['0', '11', '110', '111', '1001']],
  ].map(([re, ss]) => ss.map((s) => [test(re, s), new RegExp(`^(?:${re})$`).test(s)].map(Number).join('')));
