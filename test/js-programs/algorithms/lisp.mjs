// A Lisp with tail calls, quasi-lists, let and macros of a kind.
const read = (s) => {
  const ts = s.match(/[()']|"[^"]*"|[^\s()']+/g);
  const go = () => {
    const t = ts.shift();
    if (t === "'") return ['quote', go()];
    if (t === '(') {
      const l = [];
      while (ts[0] !== ')') {
        if (!ts.length) throw new SyntaxError('eof');
        l.push(go());
      }
      ts.shift();
      return l;
    }
    return t[0] === '"' ? { s: t.slice(1, -1) } : Number.isNaN(Number(t)) ? t : Number(t);
  };
  const out = [];
  while (ts.length) out.push(go());
  return out;
};
const globals = () => ({
  '+': (...a) => a.reduce((x, y) => x + y),
  '-': (a, ...b) => (b.length ? b.reduce((x, y) => x - y, a) : -a),
  '*': (...a) => a.reduce((x, y) => x * y, 1),
  '=': (a, b) => a === b,
  '<': (a, b) => a < b,
  car: ([h]) => h,
  cdr: ([, ...t]) => t,
  cons: (h, t) => [h, ...t],
  list: (...a) => a,
  'null?': (l) => Array.isArray(l) && !l.length,
  apply: (f, a) => f(...a),
});
const run = (x, env) => {
  for (;;) {
    if (typeof x === 'string') {
      let e = env;
      while (e && !Object.hasOwn(e, x)) e = Object.getPrototypeOf(e);
      if (!e || e === Object.prototype) throw new ReferenceError(x);
      return e[x];
    }
    if (!Array.isArray(x)) return x?.s ?? x;
    const [op, a, b, c] = x;
    if (op === 'quote') return a;
    if (op === 'if') {
      x = run(a, env) !== false ? b : c;
      continue;
    }
    if (op === 'define') {
      if (Array.isArray(a)) {
        env[a[0]] = run(['lambda', a.slice(1), ...x.slice(2)], env);
        return a[0];
      }
      env[a] = run(b, env);
      return a;
    }
    if (op === 'let') {
      x = [['lambda', a.map((p) => p[0]), ...x.slice(2)], ...a.map((p) => p[1])];
      continue;
    }
    if (op === 'lambda') {
      const f = (...v) => run(['begin', ...x.slice(2)], f.bind2(v));
      const e0 = env;
      f.bind2 = (v) => {
        const e = Object.create(e0);
        if (Array.isArray(a))
          a.forEach((p, i) => {
            e[p] = v[i];
          });
        else e[a] = v;
        return e;
      };
      f.body = ['begin', ...x.slice(2)];
      return f;
    }
    if (op === 'begin') {
      for (const y of x.slice(1, -1)) run(y, env);
      x = x.at(-1);
      continue;
    }
    const [f, ...v] = x.map((y) => run(y, env));
    if (f.body) {
      env = f.bind2(v);
      x = f.body;
      continue;
    }
    return f(...v);
  }
};
export default () => {
  const go = (s) => {
    try {
      const env = globals();
      return read(s).reduce((_, x) => run(x, env), null);
    } catch (e) {
      return e.name;
    }
  };
  return [
    go('(+ 1 (* 2 3) (- 4))'),
    go('(define (loop n acc) (if (= n 0) acc (loop (- n 1) (+ acc n)))) (loop 20000 0)'),
    go(
      "(define (map f l) (if (null? l) '() (cons (f (car l)) (map f (cdr l))))) (map (lambda (x) (* x x)) '(1 2 3))",
    ),
    go('(let ((x 2) (y 3)) (let ((x 7)) (+ x y)))'),
    go('((lambda args (apply + args)) 1 2 3)'),
    go('\'(a (b c) "s" 1.5)')
      .flat()
      .map((v) => v.s ?? v),
    go('(define mk (lambda (n) (lambda (k) (+ n k)))) ((mk 10) 5)'),
    go('(undefined-fn 1)'),
    go('(car'),
    go('(if (< 2 1) "yes" "no")'),
  ];
};
