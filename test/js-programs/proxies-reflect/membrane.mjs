// A membrane that wraps all that passes and keeps identities.
const membrane = (root, veto = () => false) => {
  const wrapped = new WeakMap(),
    raw = new WeakMap(),
    log = [];
  let open = true;
  const isObj = (x) => (typeof x === 'object' && x !== null) || typeof x === 'function';
  const wrap = (x) => {
    if (!isObj(x)) return x;
    if (raw.has(x)) return x;
    if (wrapped.has(x)) return wrapped.get(x);
    const p = new Proxy(x, {
      get(t, k) {
        check();
        log.push(String(k));
        if (veto(k)) throw new RangeError();
        return wrap(Reflect.get(t, k));
      },
      set(t, k, v) {
        check();
        return Reflect.set(t, k, unwrap(v));
      },
      apply(t, self, args) {
        check();
        return wrap(Reflect.apply(t, unwrap(self), args.map(unwrap)));
      },
      construct: (t, args) => (check(), wrap(Reflect.construct(t, args.map(unwrap)))),
      getPrototypeOf: (t) => wrap(Reflect.getPrototypeOf(t)),
    });
    wrapped.set(x, p);
    raw.set(p, x);
    return p;
  };
  const unwrap = (x) => raw.get(x) ?? x;
  const check = () => {
    if (!open) throw new TypeError('closed');
  };
  return {
    proxy: wrap(root),
    log,
    close: () => {
      open = false;
    },
  };
};
const t = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  class Node {
    constructor(v, kids = []) {
      this.v = v;
      this.kids = kids;
    }
    add(k) {
      this.kids.push(k);
      return this;
    }
    sum() {
      return this.v + this.kids.reduce((s, k) => s + k.sum(), 0);
    }
    get self() {
      return this;
    }
  }
  const root = new Node(1, [new Node(2), new Node(3)]);
  const { proxy, log, close } = membrane(
    { root, Node, secret: 1, cb: (f) => f(5), echo: (x) => x },
    (k) => k === 'secret',
  );
  const r = proxy.root;
  const out = [
    r.sum(),
    r === proxy.root,
    r.kids[0] === proxy.root.kids[0],
    r === root,
    r.self === r,
    r.add(new proxy.Node(10)).sum(),
    root.sum(),
    t(() => proxy.secret),
    proxy.cb((x) => x * 2),
    proxy.echo(r) === r,
    r instanceof proxy.Node,
  ];
  const kept = r.kids;
  close();
  return { out, after: [t(() => proxy.root), t(() => kept.length), t(() => r.sum())], log: log.slice(0, 12) };
};
