// yield and await as names where they may be, arrows in defaults, getters named get, and regexes after braces.
export default () => {
  const o = {
    get get() {
      return 'g';
    },
    set set(v) {
      this.s = v;
    },
    async async() {
      return 1;
    },
    *gen() {
      yield* [1];
    },
    of: 2,
    let: 3,
    yield: 4,
    await: 5,
    static: 6,
  };
  o.set = 'v';
  const { yield: y, await: aw, let: l } = o;
  const f = (a = (b = 1) => b + 1) => a();
  const re = [{}, /x/.test('x')][1];
  const div = { v: 8 }.v / 2 / 2;
  const arrowBody = (x) => ({ x });
  const arrowArr = () => [1, 2][1];
  const im = (
    (x) => (y) =>
      x / y
  )(8)(2);
  const tpl = `${{ a: 1 }.a}${`${'}'}`}`;
  const regexes = ['a/b'.split(/[/]/), 'x'.replace(/x/g, '/'), /[\]/]/.test(']'), /=/.test('='), 4 / 2 / 1];
  const async = (x) => x + 1;
  const called = async(1);
  const get = 1,
    set = 2;
  const sh = { get, set, async };
  return [
    o.get,
    o.s,
    y,
    aw,
    l,
    o.of,
    o.static,
    f(),
    re,
    div,
    arrowBody(1),
    arrowArr(),
    im,
    tpl,
    regexes,
    called,
    Object.keys(sh),
    [...o.gen()],
  ];
};
