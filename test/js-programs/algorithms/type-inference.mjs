// Hindley-Milner for a lambda calculus with let, numbers and booleans.
let n = 0;
const fresh = () => ({ v: n++, ref: null });
const prune = (t) => (t.ref ? (t.ref = prune(t.ref)) : t);
const con = (c, ...a) => ({ c, a });
const fn = (a, b) => con('->', a, b);
const occurs = (v, t) => ((t = prune(t)), t === v || (t.a ?? []).some((x) => occurs(v, x)));
const unify = (a, b) => {
  a = prune(a);
  b = prune(b);
  if (a === b) return;
  if (!a.c) {
    if (occurs(a, b)) throw new RangeError('infinite type');
    a.ref = b;
  } else if (!b.c) unify(b, a);
  else {
    if (a.c !== b.c) throw new TypeError(`${a.c} is not ${b.c}`);
    a.a.forEach((x, i) => unify(x, b.a[i]));
  }
};
const inst = (t, gen) => {
  const m = new Map();
  const go = (x) => {
    x = prune(x);
    if (!x.c) return gen.has(x) ? (m.get(x) ?? m.set(x, fresh()).get(x)) : x;
    return con(x.c, ...x.a.map(go));
  };
  return go(t);
};
const free = (t, s = new Set()) => {
  t = prune(t);
  if (t.c) t.a.forEach((x) => free(x, s));
  else s.add(t);
  return s;
};
const infer = (e, env) => {
  if (typeof e === 'number') return con('num');
  if (typeof e === 'boolean') return con('bool');
  if (typeof e === 'string') {
    if (!env[e]) throw new ReferenceError(e);
    return inst(env[e].t, env[e].gen);
  }
  const [k, x, y, z] = e;
  if (k === 'fn') {
    const a = fresh();
    return fn(a, infer(y, { ...env, [x]: { t: a, gen: new Set() } }));
  }
  if (k === 'let') {
    const t = infer(y, env);
    const bound = new Set(Object.values(env).flatMap((s) => [...free(s.t)].filter((v) => !s.gen.has(v))));
    return infer(z, { ...env, [x]: { t, gen: new Set([...free(t)].filter((v) => !bound.has(v))) } });
  }
  if (k === 'if') {
    unify(infer(x, env), con('bool'));
    const t = infer(y, env);
    unify(t, infer(z, env));
    return t;
  }
  const r = fresh();
  unify(infer(k, env), fn(infer(x, env), r));
  return r;
};
const show = (t) => {
  const names = new Map();
  const go = (x, l) => {
    x = prune(x);
    if (!x.c) return names.get(x) ?? names.set(x, 'abcdefgh'[names.size]).get(x);
    if (x.c !== '->') return x.c;
    const s = `${go(x.a[0], true)} -> ${go(x.a[1])}`;
    return l ? `(${s})` : s;
  };
  return go(t);
};
export default () => {
  const num = con('num'),
    env = {
      add: { t: fn(num, fn(num, num)), gen: new Set() },
      lt: { t: fn(num, fn(num, con('bool'))), gen: new Set() },
    };
  return [
    ['fn', 'x', 'x'],
    ['fn', 'f', ['fn', 'g', ['fn', 'x', ['f', ['g', 'x']]]]],
    ['let', 'id', ['fn', 'x', 'x'], ['if', ['id', true], ['id', 1], 2]],
    ['fn', 'x', ['x', 'x']],
    [['add', 1], true],
    ['fn', 'n', ['if', [['lt', 'n'], 2], 'n', [['add', 'n'], 1]]],
    'nope',
    ['fn', 'x', ['fn', 'y', 'x']],
    ['fn', 'f', ['let', 'y', ['f', 1], ['f', 'y']]],
    ['let', 'k', ['fn', 'a', ['fn', 'b', 'a']], [['k', 1], true]],
  ].map((e) => {
    try {
      return show(infer(e, env));
    } catch (x) {
      return x.name;
    }
  });
};
