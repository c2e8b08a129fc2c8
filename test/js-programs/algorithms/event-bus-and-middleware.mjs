// An event bus with wildcards, priorities and one-shot listeners; an onion of middleware.
class Bus {
  #l = [];
  on(p, f, { once = false, prio = 0 } = {}) {
    const e = {
      re: new RegExp(
        `^${p
          .replaceAll('.', '\\.')
          .replaceAll('**', '.+')
          .replaceAll(/(?<!\.)\*/g, '[^.]+')}$`,
      ),
      f,
      once,
      prio,
    };
    this.#l.push(e);
    this.#l.sort((a, b) => b.prio - a.prio);
    return () => {
      this.#l = this.#l.filter((x) => x !== e);
    };
  }
  emit(t, d) {
    const out = [];
    for (const e of [...this.#l]) {
      if (!e.re.test(t)) continue;
      if (e.once) this.#l = this.#l.filter((x) => x !== e);
      const r = e.f(d, t);
      if (r === false) break;
      out.push(r);
    }
    return out;
  }
}
const compose =
  (...ms) =>
  (ctx) => {
    let last = -1;
    const go = async (i) => {
      if (i <= last) throw new RangeError('twice');
      last = i;
      return ms[i]?.(ctx, () => go(i + 1));
    };
    return go(0);
  };
export default async () => {
  const b = new Bus();
  const off = b.on('a.*', (d) => `star ${d}`);
  b.on('a.b', (d) => `exact ${d}`, { prio: 5 });
  b.on('**', (d, t) => `all ${t}`, { prio: -1 });
  b.on('a.b', () => 'once', { once: true });
  b.on('stop', () => false, { prio: 1 });
  const bus = [
    b.emit('a.b', 1),
    b.emit('a.b', 2),
    b.emit('a.b.c', 3),
    b.emit('stop', 4),
    (off(), b.emit('a.z', 5)),
  ];
  const log = [];
  const r = await compose(
    async (c, n) => {
      log.push('1>');
      const v = await n();
      log.push('<1');
      return v + 1;
    },
    async (c, n) => {
      log.push('2>');
      c.x = 1;
      const v = await n();
      log.push('<2');
      return v * 2;
    },
    (c) => c.x + 10,
  )({});
  const bad = await compose(async (c, n) => {
    await n();
    await n();
  })({}).catch((e) => e.name);
  return { bus, log, r, bad };
};
