// async in every position: arrows, methods, statics, private, computed, expressions, with this.
export default async () => {
  const o = {
    n: 1,
    async m() {
      return this.n;
    },
    async ['c' + 1]() {
      return 'c1';
    },
    arrow: async () => typeof this,
    async *ag() {
      yield this.n;
    },
    async get() {
      return 'get';
    },
    async async() {
      return 'aa';
    },
    async: async (async) => async,
  };
  class K {
    #x = 5;
    async #p() {
      return this.#x;
    }
    static async s() {
      return this.name;
    }
    async pub() {
      return (await this.#p()) + 1;
    }
    field = async () => this.#x;
    async *gen() {
      yield* [1, await this.#p()];
    }
  }
  class L extends K {
    async pub() {
      return -(await super.pub());
    }
    static async s() {
      return `L>${await super.s()}`;
    }
    lazy = async () => super.pub();
  }
  const fe = async function named(n) {
    return n ? n + (await named(n - 1)) : 0;
  };
  const nested = async (a, b = async () => a) => [
    await b(),
    await (async () => await (async () => 'deep')())(),
  ];
  const l = new L();
  const gen = [];
  for await (const x of l.gen()) gen.push(x);
  const cond = (await true) ? await 'yes' : await 'no';
  const expr = [
    (await 1) + (await 2),
    -(await 3),
    (await o).n,
    await await await o.m,
    typeof (await 1),
    !(await false),
    `${await 't'}`,
    { [await 'k']: await 'v' },
    [...(await [1, 2])],
    await o?.m?.(),
    (await null) ?? 'nn',
    (await import.meta) !== null,
  ].map((v) => (typeof v === 'function' ? 'fn' : v));
  return {
    o: [
      await o.m(),
      await o.c1(),
      await o.arrow(),
      (await o.ag().next()).value,
      await o.get(),
      await o.async('x'),
    ],
    k: [await l.pub(), await L.s(), await l.field(), await l.lazy(), gen],
    fe: await fe(10),
    nested: await nested('q'),
    cond,
    expr,
    names: [o.m.name, fe.name, l.field.name],
    tag: Object.prototype.toString.call(o.m),
    proto: 'prototype' in o.m,
  };
};
