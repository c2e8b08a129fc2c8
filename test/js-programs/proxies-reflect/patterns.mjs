// Proxies at work: negative indices, defaults, validation, read-only views, call recording, path builders.
const negative = (a) =>
  new Proxy(a, {
    get: (t, k, r) => (typeof k === 'string' && /^-\d+$/.test(k) ? t.at(Number(k)) : Reflect.get(t, k, r)),
  });
const defaults = (make) => new Proxy({}, { get: (t, k) => (k in t ? t[k] : (t[k] = make(k))) });
const typed = (types) =>
  new Proxy(
    {},
    {
      set(t, k, v) {
        if (!(k in types)) throw new ReferenceError(k);
        if (typeof v !== types[k]) throw new TypeError(k);
        t[k] = v;
        return true;
      },
    },
  );
const readonly = (o) =>
  new Proxy(o, {
    get: (t, k) => {
      const v = Reflect.get(t, k);
      return v && typeof v === 'object' ? readonly(v) : v;
    },
    set: () => false,
    deleteProperty: () => false,
    defineProperty: () => false,
  });
const path = (parts = []) =>
  new Proxy(() => {}, {
    get: (_, k) => (k === Symbol.toPrimitive ? () => parts.join('.') : path([...parts, k])),
    apply: (_, __, args) => path([...parts.slice(0, -1), `${parts.at(-1)}(${args})`]),
  });
const recorder = () => {
  const calls = [];
  return [
    new Proxy(
      {},
      {
        get:
          (_, k) =>
          (...a) => {
            calls.push([k, ...a]);
            return a.length;
          },
      },
    ),
    calls,
  ];
};
const range = (a, b) => new Proxy({}, { has: (_, k) => Number(k) >= a && Number(k) <= b });
const caseless = (o) =>
  new Proxy(o, {
    get: (t, k) => t[Object.keys(t).find((x) => x.toLowerCase() === String(k).toLowerCase())],
    has: (t, k) => Object.keys(t).some((x) => x.toLowerCase() === k.toLowerCase()),
  });
const enums = (...names) =>
  new Proxy(Object.freeze(Object.fromEntries(names.map((n, i) => [n, i]))), {
    get: (t, k) => {
      if (!(k in t)) throw new ReferenceError(k);
      return t[k];
    },
  });
const t = (f) => {
  try {
    return f() ?? 'undefined';
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const ty = typed({ age: 'number', name: 'string' });
  const ro = readonly({ a: { b: [1, 2] } });
  const [rec, calls] = recorder();
  rec.go('north', 2);
  rec.stop();
  const groups = defaults(() => []);
  for (const w of ['ant', 'bee', 'ape']) groups[w[0]].push(w);
  return {
    neg: [negative([1, 2, 3])[-1], negative('ab'.split(''))[-2], negative([5])[0], negative([1, 2]).length],
    groups: { ...groups },
    typed: [
      t(() => {
        ty.age = 5;
        return ty.age;
      }),
      t(() => {
        ty.age = 'x';
      }),
      t(() => {
        ty.other = 1;
      }),
    ],
    ro: [
      ro.a.b[1],
      t(() => {
        ro.a.b[0] = 9;
      }),
      t(() => ro.a.b.push(1)),
      t(() => delete ro.a),
    ],
    path: `${path().users.find('id', 5).name.first}`,
    calls,
    range: [5 in range(1, 10), 11 in range(1, 10)],
    caseless: [
      caseless({ 'Content-Type': 'x' })['content-type'],
      'CONTENT-TYPE' in caseless({ 'Content-Type': 'x' }),
    ],
    enums: [enums('RED', 'BLUE').BLUE, t(() => enums('RED').GREEN)],
  };
};
