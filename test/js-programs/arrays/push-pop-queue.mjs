// push, pop, shift, unshift: return values, many items, array-likes, a deque and a circular buffer.
class Ring {
  #a;
  #h = 0;
  #n = 0;
  constructor(cap) {
    this.#a = Array(cap);
  }
  push(v) {
    const full = this.#n === this.#a.length;
    this.#a[(this.#h + this.#n) % this.#a.length] = v;
    if (full) this.#h = (this.#h + 1) % this.#a.length;
    else this.#n++;
    return this;
  }
  shift() {
    if (!this.#n) return undefined;
    const v = this.#a[this.#h];
    this.#h = (this.#h + 1) % this.#a.length;
    this.#n--;
    return v;
  }
  *[Symbol.iterator]() {
    for (let i = 0; i < this.#n; i++) yield this.#a[(this.#h + i) % this.#a.length];
  }
}
export default () => {
  const a = [];
  const rets = [
    a.push(1),
    a.push(2, 3),
    a.push(),
    a.unshift(0),
    a.unshift('x', 'y'),
    a.pop(),
    a.shift(),
    [].pop() ?? 'u',
    [].shift() ?? 'u',
  ];
  const like = { length: 1, 0: 'z' };
  rets.push(
    Array.prototype.push.call(like, 'n'),
    Array.prototype.unshift.call(like, 'f'),
    Array.prototype.pop.call(like),
  );
  const q = [];
  let sum = 0;
  for (let i = 0; i < 3000; i++) {
    q.push(i);
    if (i % 3 === 0) sum += q.shift();
  }
  const r = new Ring(3);
  for (const v of 'abcde') r.push(v);
  const ring = [[...r].join(''), r.shift(), [...r.push('f').push('g')].join('')];
  const noLen = {};
  Array.prototype.push.call(noLen, 'a');
  const huge = { length: 2 ** 53 - 1 };
  let err;
  try {
    Array.prototype.push.call(huge, 1);
  } catch (e) {
    err = e.name;
  }
  return {
    rets,
    a,
    like,
    sum,
    left: q.length,
    ring,
    noLen,
    err,
    frozen: ['push', 'pop', 'shift', 'unshift', 'reverse', 'sort', 'fill'].map((m) => {
      try {
        Object.freeze([1, 2])[m](1 && undefined);
        return 'ok';
      } catch (e) {
        return e.name;
      }
    }),
  };
};
