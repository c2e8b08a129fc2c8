// Mixins by composition of class factories; well-known symbols as methods.
const Eq = (B = Object) =>
  class extends B {
    equals(o) {
      return this.compareTo(o) === 0;
    }
  };
const Ord = (B = Object) =>
  class extends Eq(B) {
    lt(o) {
      return this.compareTo(o) < 0;
    }
    static max(...xs) {
      return xs.reduce((a, b) => (a.lt(b) ? b : a));
    }
  };
const Ser = (B) =>
  class extends B {
    toJSON() {
      return { $: this.constructor.name, ...this };
    }
  };
class Version extends Ser(Ord()) {
  constructor(s) {
    super();
    [this.major, this.minor = 0, this.patch = 0] = s.split('.').map(Number);
  }
  compareTo(o) {
    return this.major - o.major || this.minor - o.minor || this.patch - o.patch;
  }
  get [Symbol.toStringTag]() {
    return 'Version';
  }
  [Symbol.toPrimitive](hint) {
    return hint === 'number' ? this.major * 1e6 + this.minor * 1e3 + this.patch : `v${[...this].join('.')}`;
  }
  *[Symbol.iterator]() {
    yield this.major;
    yield this.minor;
    yield this.patch;
  }
  static [Symbol.hasInstance](x) {
    return typeof x?.compareTo === 'function';
  }
}
export default () => {
  const [a, b, c] = ['1.2.3', '1.10', '1.2.3'].map((s) => new Version(s));
  return {
    lt: [a.lt(b), b.lt(a), a.equals(c), a < b],
    max: `${Version.max(a, b, c)}`,
    json: JSON.parse(JSON.stringify([a, b])),
    tag: Object.prototype.toString.call(a),
    spread: [...b],
    sum: a - b,
    text: a + '',
    inst: [{ compareTo() {} } instanceof Version, {} instanceof Version],
    depth: (() => {
      let n = 0;
      for (let p = a; (p = Object.getPrototypeOf(p)); n++);
      return n;
    })(),
  };
};
