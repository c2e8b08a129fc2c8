// Headers.
import { tag } from '../shared/define.js';

const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
const COOKIE = 'set-cookie';

function checkedName(name) {
  const text = `${name}`;
  if (!NAME.test(text)) throw new TypeError(`Headers: ${JSON.stringify(text)} is an invalid header name.`);
  return text.toLowerCase();
}

function checkedValue(value) {
  const text = `${value}`.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
  if (/[\0\n\r]|[^\0-\xff]/.test(text))
    throw new TypeError(`Headers: ${JSON.stringify(text)} is an invalid header value.`);
  return text;
}

class Headers {
  #values = new Map();

  constructor(init) {
    if (init === undefined) return;
    if (init === null || typeof init !== 'object') throw new TypeError('Headers: the init is no object');
    const pairs = typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init);
    for (const pair of pairs) {
      const [name, value, ...more] = pair;
      if (value === undefined || more.length > 0)
        throw new TypeError('Headers: each pair has to have a name and a value');
      this.append(name, value);
    }
  }

  append(name, value) {
    const key = checkedName(name);
    const text = checkedValue(value);
    this.#values.set(key, [...(this.#values.get(key) ?? []), text]);
  }

  set(name, value) {
    this.#values.set(checkedName(name), [checkedValue(value)]);
  }

  delete(name) {
    this.#values.delete(checkedName(name));
  }

  has(name) {
    return this.#values.has(checkedName(name));
  }

  get(name) {
    const key = checkedName(name);
    return this.#values.get(key)?.join(key === 'cookie' ? '; ' : ', ') ?? null;
  }

  getSetCookie() {
    return [...(this.#values.get(COOKIE) ?? [])];
  }

  forEach(run, self) {
    for (const [name, value] of this) run.call(self, value, name, this);
  }

  *entries() {
    for (const name of [...this.#values.keys()].sort())
      if (name === COOKIE) for (const cookie of this.#values.get(name)) yield [name, cookie];
      else yield [name, this.get(name)];
  }

  *keys() {
    for (const [name] of this.entries()) yield name;
  }

  *values() {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }
}
tag(Headers, 'Headers');

export { Headers };
