// Members of every kind: async, generator, async generator, static and private, with super.
export default async () => {
  class A {
    static *ids() {
      yield 1;
      yield 2;
    }
    async load() {
      return 'A';
    }
    async *stream() {
      yield 'a1';
      yield 'a2';
    }
    *[Symbol.iterator]() {
      yield* 'xy';
    }
    static async make() {
      return new this();
    }
    get lazy() {
      return (async () => 'lazy')();
    }
  }
  class B extends A {
    #k = 3;
    static *ids() {
      yield 0;
      yield* super.ids();
    }
    async load() {
      return `B${await super.load()}`;
    }
    async *stream() {
      yield* super.stream();
      yield await this.#priv();
    }
    async #priv() {
      return this.#k;
    }
    *[Symbol.iterator]() {
      yield* super[Symbol.iterator]();
      yield 'z';
    }
    static #sp = async () => 'static private';
    static sp() {
      return B.#sp();
    }
    async arrow() {
      return [1, 2].map(async () => super.load());
    }
  }
  const b = await B.make();
  const s = [];
  for await (const x of b.stream()) s.push(x);
  return {
    kind: b instanceof B,
    ids: [...B.ids()],
    load: await b.load(),
    s,
    it: [...b],
    lazy: await b.lazy,
    sp: await B.sp(),
    arrow: await Promise.all(await b.arrow()),
    own: Object.getOwnPropertyNames(B.prototype),
    statics: Object.getOwnPropertyNames(B).sort(),
  };
};
