// Identifiers outside ASCII, escapes in names, keywords as property names.
export default () => {
  const ñandú = 1;
  const 変数 = 2;
  const \u0061bc = 3;
  const 𠮷 = 4;
  const $ = 5;
  const _ = 6;
  const o = {
    class: 1,
    if: 2,
    new: 3,
    null: 4,
    true: 5,
    await: 6,
    get: 7,
    static: 8,
    async: 9,
    of: 10,
    let: 11,
    ключ: 12,
    ключ2: 13,
  };
  const { class: klass, if: iff, новый = 14 } = o;
  const get = 1,
    set = 2,
    of = 3,
    from = 4,
    as = 5,
    async = 6,
    target = 7;
  class C {
    static() {
      return 's';
    }
    get() {
      return 'g';
    }
    set() {
      return 't';
    }
    async() {
      return 'a';
    }
    'constructor name'() {
      return 'c';
    }
    static static() {
      return 'ss';
    }
    static async = 1;
    get = 2;
  }
  const c = new C();
  return [
    ñandú,
    変数,
    abc,
    𠮷,
    $,
    _,
    o.class + o.if + o.new + o.null + o.true,
    o.await,
    o.ключ2,
    o['ключ'],
    klass,
    iff,
    новый,
    get + set + of + from + as + async + target,
    c.static(),
    c.get,
    c.set(),
    c.async(),
    C.static(),
    C.async,
    c['constructor name'](),
    o.\u0067et,
    Object.keys({ ñandú, 変数, 𠮷 }),
  ];
};
