// A doubly linked list with private node class, iterators both ways, and splice.
class List {
  static #Node = class {
    constructor(v, prev, next) {
      Object.assign(this, { v, prev, next });
    }
  };
  #head = new List.#Node();
  #size = 0;
  constructor(it = []) {
    this.#head.prev = this.#head.next = this.#head;
    for (const v of it) this.push(v);
  }
  #insert(v, next) {
    const n = new List.#Node(v, next.prev, next);
    n.prev.next = n;
    next.prev = n;
    this.#size++;
    return n;
  }
  #remove(n) {
    if (n === this.#head) return undefined;
    n.prev.next = n.next;
    n.next.prev = n.prev;
    this.#size--;
    return n.v;
  }
  push(...vs) {
    for (const v of vs) this.#insert(v, this.#head);
    return this;
  }
  unshift(...vs) {
    for (const v of vs.toReversed()) this.#insert(v, this.#head.next);
    return this;
  }
  pop() {
    return this.#remove(this.#head.prev);
  }
  shift() {
    return this.#remove(this.#head.next);
  }
  get length() {
    return this.#size;
  }
  *[Symbol.iterator]() {
    for (let n = this.#head.next; n !== this.#head; n = n.next) yield n.v;
  }
  *backwards() {
    for (let n = this.#head.prev; n !== this.#head; n = n.prev) yield n.v;
  }
  removeIf(f) {
    for (let n = this.#head.next; n !== this.#head; n = n.next) if (f(n.v)) this.#remove(n);
    return this;
  }
  reverse() {
    let n = this.#head;
    do {
      [n.prev, n.next] = [n.next, n.prev];
      n = n.prev;
    } while (n !== this.#head);
    return this;
  }
  toString() {
    return `<${[...this].join(' ')}>`;
  }
}
export default () => {
  const l = new List('abcdef');
  const steps = [
    `${l}`,
    l.shift(),
    l.pop(),
    l.push('x', 'y').length,
    `${l.unshift(1, 2)}`,
    [...l.backwards()].join(''),
    `${l.reverse()}`,
    `${l.removeIf((v) => typeof v === 'number')}`,
  ];
  const empty = new List();
  const during = [];
  for (const v of l) {
    during.push(v);
    if (v === 'd') l.push('tail');
  }
  return {
    steps,
    empty: [empty.length, empty.pop() === undefined, `${empty.reverse()}`],
    during,
    max: [...new List([3, 1, 2])].sort().join(),
  };
};
