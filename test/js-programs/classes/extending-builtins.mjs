// Subclasses of Array, Map, Error, Promise, RegExp, String, Function, Uint8Array.
class Stack extends Array {
  peek() {
    return this.at(-1);
  }
  static get [Symbol.species]() {
    return this;
  }
}
class Plain extends Array {
  static get [Symbol.species]() {
    return Array;
  }
}
class DefaultMap extends Map {
  constructor(make, it) {
    super(it);
    this.make = make;
  }
  get(k) {
    if (!this.has(k)) this.set(k, this.make());
    return super.get(k);
  }
}
class HttpError extends Error {
  constructor(code, opts) {
    super(`http ${code}`, opts);
    this.code = code;
  }
  get name() {
    return 'HttpError';
  }
}
class Lazy extends Promise {}
class Words extends RegExp {
  constructor() {
    super('\\w+', 'g');
  }
  [Symbol.replace](s, f) {
    return super[Symbol.replace](s, (m) => f(m));
  }
  all(s) {
    return s.match(this);
  }
}
class Title extends String {
  title() {
    return this.replace(/\b\w/g, (c) => c.toUpperCase());
  }
}
class Callable extends Function {
  twice() {
    return this() * 2;
  }
}
class Bytes extends Uint8Array {
  hex() {
    return [...this].map((b) => b.toString(16).padStart(2, '0')).join('');
  }
}
export default async () => {
  const s = Stack.from([1, 2, 3]);
  const m = new DefaultMap(() => [], [['a', [0]]]);
  m.get('b').push(1);
  const e = new HttpError(404, { cause: 'none' });
  const p = Lazy.resolve(1);
  const mapped = s.map((x) => x * 2);
  const words = new Words();
  return {
    stack: [
      s.peek(),
      s instanceof Stack,
      mapped instanceof Stack,
      mapped.peek(),
      s.filter((x) => x > 1).constructor.name,
      Stack.of(9).peek(),
      s.length,
      ((s.length = 1), [...s]),
      s.concat([5]).constructor.name,
      s.toReversed().constructor.name,
    ],
    plain: [new Plain(1, 2).map((x) => x).constructor.name, new Plain(3).length],
    map: [...m].map(([k, v]) => [k, v]),
    error: [String(e), e.cause, e instanceof Error, Object.keys(e)],
    promise: [
      p.then(() => {}) instanceof Lazy,
      p.constructor.name,
      Lazy.all([p]) instanceof Lazy,
      await p.then((x) => x + 1),
    ],
    re: ['a bc d'.replace(words, (w) => `<${w}>`), words.all('x yz'), words instanceof RegExp],
    str: [new Title('ab cd').title(), new Title('x').length, `${new Title('y')}`],
    fn: [new Callable('return 21').twice(), new Callable('a', 'b', '').length],
    bytes: [
      new Bytes([1, 255]).hex(),
      Bytes.of(1, 2, 3).subarray(1).hex(),
      Bytes.from('12').constructor.name,
      new Bytes(4).fill(7).slice(1).hex(),
    ],
  };
};
