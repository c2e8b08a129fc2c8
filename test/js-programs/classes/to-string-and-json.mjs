// How instances show themselves: toString, toJSON, valueOf, tags, inspection by keys.
export default () => {
  class Money {
    #c;
    constructor(c, cur = 'EUR') {
      this.#c = c;
      this.cur = cur;
    }
    valueOf() {
      return this.#c / 100;
    }
    toString() {
      return `${(this.#c / 100).toFixed(2)} ${this.cur}`;
    }
    toJSON() {
      return { cents: this.#c, cur: this.cur };
    }
    static from({ cents, cur }) {
      return new Money(cents, cur);
    }
    plus(o) {
      return new this.constructor(this.#c + o.#c, this.cur);
    }
    [Symbol.toPrimitive](h) {
      return h === 'string' ? this.toString() : this.valueOf();
    }
    get [Symbol.toStringTag]() {
      return 'Money';
    }
  }
  class Tip extends Money {
    toString() {
      return `tip ${super.toString()}`;
    }
  }
  const a = new Money(1050),
    b = new Tip(250);
  return [
    `${a}`,
    a + b,
    a > b,
    a.plus(b).toString(),
    `${b.plus(a)}`,
    JSON.stringify([a, b]),
    String(Money.from(JSON.parse(JSON.stringify(a)))),
    Object.prototype.toString.call(b),
    Object.keys(a),
    a == 10.5,
    [a, b].sort((x, y) => x - y).map(String),
    Math.max(a, b),
    `${[a, b]}`,
    new Date(a * 1000).getTime(),
    a + '',
    { [a]: 1 },
    isNaN(a),
  ];
};
