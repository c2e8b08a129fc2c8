// A small language: tokens, Pratt parser, closures, recursion, lists.
const lex = (s) =>
  [
    ...s.matchAll(
      /\s*(?:(\d+(?:\.\d+)?)|([a-z]\w*)|("[^"]*")|(=>|[<>=!]=|&&|\|\||[-+*/%^<>=!(){}[\],;?:]))/gy,
    ),
  ].map(([, n, w, q, o]) =>
    n ? { t: 'num', v: +n } : q ? { t: 'str', v: q.slice(1, -1) } : w ? { t: 'id', v: w } : { t: o },
  );
const P = {
  '=': 1,
  '?': 2,
  '||': 3,
  '&&': 4,
  '==': 5,
  '!=': 5,
  '<': 6,
  '>': 6,
  '<=': 6,
  '>=': 6,
  '+': 7,
  '-': 7,
  '*': 8,
  '/': 8,
  '%': 8,
  '^': 9,
  '(': 11,
  '[': 11,
};
const parse = (src) => {
  const ts = lex(src);
  let i = 0;
  const peek = () => ts[i]?.t;
  const eat = (t) => {
    if (peek() !== t) throw new SyntaxError(t);
    return ts[i++];
  };
  const list = (end) => {
    const xs = [];
    while (peek() !== end) {
      xs.push(expr());
      if (peek() === ',') i++;
    }
    eat(end);
    return xs;
  };
  const prefix = () => {
    const k = ts[i++];
    if (!k) throw new SyntaxError('end');
    switch (k.t) {
      case 'num':
      case 'str':
        return k;
      case 'id':
        if (k.v === 'fn') {
          eat('(');
          const ps = [];
          while (peek() === 'id') {
            ps.push(eat('id').v);
            if (peek() === ',') i++;
          }
          eat(')');
          eat('=>');
          return { t: 'fn', ps, b: expr(1) };
        }
        return k;
      case '(': {
        const e = expr();
        eat(')');
        return e;
      }
      case '[':
        return { t: 'list', xs: list(']') };
      case '{': {
        const b = [];
        while (peek() !== '}') {
          b.push(expr());
          if (peek() === ';') i++;
        }
        eat('}');
        return { t: 'block', b };
      }
      case '-':
      case '!':
        return { t: 'un', op: k.t, e: expr(9) };
      default:
        throw new SyntaxError(k.t);
    }
  };
  const expr = (min = 0) => {
    let l = prefix();
    for (;;) {
      const op = peek();
      const p = P[op];
      if (!p || p <= min) return l;
      i++;
      if (op === '(') l = { t: 'call', f: l, a: list(')') };
      else if (op === '[') {
        l = { t: 'idx', l, k: expr() };
        eat(']');
      } else if (op === '?') {
        const a = expr();
        eat(':');
        l = { t: 'if', c: l, a, b: expr(1) };
      } else l = { t: op === '=' ? 'set' : 'bin', op, l, r: expr(op === '^' || op === '=' ? p - 1 : p) };
    }
  };
  const b = [];
  while (i < ts.length) {
    b.push(expr());
    if (peek() === ';') i++;
  }
  return { t: 'block', b, top: true };
};
const ops = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '^': (a, b) => a ** b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '>': (a, b) => a > b,
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};
const ev = (n, env) => {
  switch (n.t) {
    case 'num':
    case 'str':
      return n.v;
    case 'id':
      if (!(n.v in env)) throw new ReferenceError(n.v);
      return env[n.v];
    case 'list':
      return n.xs.map((x) => ev(x, env));
    case 'block': {
      const e = n.top ? env : Object.create(env);
      return n.b.reduce((_, x) => ev(x, e), null);
    }
    case 'fn':
      return (...a) =>
        ev(n.b, Object.assign(Object.create(env), Object.fromEntries(n.ps.map((p, k) => [p, a[k]]))));
    case 'call':
      return ev(n.f, env)(...n.a.map((x) => ev(x, env)));
    case 'idx':
      return ev(n.l, env)[ev(n.k, env)];
    case 'if':
      return ev(n.c, env) ? ev(n.a, env) : ev(n.b, env);
    case 'un':
      return n.op === '-' ? -ev(n.e, env) : !ev(n.e, env);
    case 'set':
      return (env[n.l.v] = ev(n.r, env));
    default:
      return n.op === '&&'
        ? ev(n.l, env) && ev(n.r, env)
        : n.op === '||'
          ? ev(n.l, env) || ev(n.r, env)
          : ops[n.op](ev(n.l, env), ev(n.r, env));
  }
};
export default () =>
  [
    '1 + 2 * 3 ^ 2 ^ 0.5 > 3',
    '-2 ^ 2',
    'f = fn(n) => n < 2 ? 1 : n * f(n - 1); f(10)',
    'add = fn(a) => fn(b) => a + b; add(3)(4)',
    'x = 1; { x = 2; y = x }; x',
    'map = fn(l, g) => [g(l[0]), g(l[1])]; map([3, 4], fn(v) => v * v)',
    '"a" + "b" == "ab" && !(1 > 2) || z',
    'fib = fn(n) => n < 2 ? n : fib(n-1) + fib(n-2); fib(15)',
    'nope',
    '(1 + ',
    '1 % 0 == 1 ? 2 : 10 / 4',
  ].map((s) => {
    try {
      return ev(parse(s), {});
    } catch (e) {
      return e.name;
    }
  });
