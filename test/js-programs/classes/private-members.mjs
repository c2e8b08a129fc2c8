// Private fields, methods, accessors and their brand checks.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
class Account {
  #balance = 0;
  #history = [];
  static #made = 0;
  static #register() {
    return ++Account.#made;
  }
  id = Account.#register();
  get #last() {
    return this.#history.at(-1);
  }
  set #last(v) {
    this.#history.push(v);
  }
  #check(n) {
    if (!(n > 0)) throw new RangeError('amount');
  }
  deposit(n) {
    this.#check(n);
    this.#balance += n;
    this.#last = n;
    return this;
  }
  get balance() {
    return this.#balance;
  }
  get last() {
    return this.#last;
  }
  static compare(a, b) {
    return a.#balance - b.#balance;
  }
  static is(x) {
    return #balance in x;
  }
  steal(other) {
    return other.#balance;
  }
  both() {
    this.#balance++;
    ++this.#balance;
    this.#balance **= 2;
    this.#balance ??= 5;
    return [this.#balance--, this.#balance];
  }
  replace() {
    this.#check = null;
  }
}
export default () => {
  const a = new Account().deposit(50).deposit(20);
  const b = new Account().deposit(30);
  class Twin {
    #balance = 1;
  }
  return {
    balance: a.balance,
    last: a.last,
    id: b.id - a.id,
    compare: Account.compare(a, b),
    is: [
      Account.is(a),
      Account.is({}),
      Account.is(new Twin()),
      nameOf(() => Account.is(5)),
      Account.is(new Proxy(a, {})),
    ],
    steal: [
      a.steal(b),
      nameOf(() => a.steal({})),
      nameOf(() => a.steal(null)),
      nameOf(() => a.steal(new Proxy(a, {}))),
    ],
    both: b.both(),
    replace: nameOf(() => a.replace()),
    range: nameOf(() => a.deposit(-1)),
    hidden: [Object.keys(a), JSON.stringify(a).includes('balance'), '#balance' in a, Reflect.ownKeys(a)],
    detached: nameOf(() => Object.getOwnPropertyDescriptor(Account.prototype, 'balance').get.call({})),
  };
};
