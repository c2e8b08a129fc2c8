// A query builder: chaining, polymorphic this, clones with private state.
class Query {
  #parts;
  constructor(parts = { select: ['*'], where: [], order: [], limit: null }) {
    this.#parts = parts;
  }
  #with(change) {
    return new this.constructor({ ...this.#parts, ...change });
  }
  select(...cols) {
    return this.#with({ select: cols });
  }
  from(t) {
    return this.#with({ table: t });
  }
  where(col, op, val) {
    return this.#with({ where: [...this.#parts.where, { col, op, val }] });
  }
  orderBy(col, dir = 'asc') {
    return this.#with({ order: [...this.#parts.order, `${col} ${dir}`] });
  }
  take(n) {
    return this.#with({ limit: n });
  }
  get sql() {
    const { select, table, where, order, limit } = this.#parts;
    return [
      `select ${select.join(', ')}`,
      table && `from ${table}`,
      where.length && `where ${where.map(({ col, op }, i) => `${col} ${op} $${i + 1}`).join(' and ')}`,
      order.length && `order by ${order}`,
      limit !== null && `limit ${limit}`,
    ]
      .filter(Boolean)
      .join(' ');
  }
  get params() {
    return this.#parts.where.map((w) => w.val);
  }
  run(rows) {
    const ops = { '=': (a, b) => a === b, '>': (a, b) => a > b, in: (a, b) => b.includes(a) };
    const { where, order, limit, select } = this.#parts;
    const out = rows.filter((r) => where.every(({ col, op, val }) => ops[op](r[col], val)));
    for (const o of order.toReversed()) {
      const [c, d] = o.split(' ');
      out.sort((a, b) => (a[c] < b[c] ? -1 : a[c] > b[c] ? 1 : 0) * (d === 'desc' ? -1 : 1));
    }
    return out
      .slice(0, limit ?? undefined)
      .map((r) => (select[0] === '*' ? r : Object.fromEntries(select.map((c) => [c, r[c]]))));
  }
}
class Logged extends Query {
  log = 'logged';
}
export default () => {
  const base = new Logged().from('people');
  const q = base
    .where('age', '>', 20)
    .where('city', 'in', ['Oslo', 'Bern'])
    .orderBy('city')
    .orderBy('age', 'desc')
    .take(3)
    .select('name', 'age');
  const rows = [
    ['Ann', 30, 'Bern'],
    ['Bob', 19, 'Oslo'],
    ['Cid', 44, 'Oslo'],
    ['Dee', 25, 'Bern'],
    ['Eve', 60, 'Rome'],
    ['Fay', 21, 'Oslo'],
  ].map(([name, age, city]) => ({ name, age, city }));
  return {
    sql: q.sql,
    base: base.sql,
    params: q.params,
    rows: q.run(rows),
    all: base.run(rows).length,
    kind: q.log,
  };
};
