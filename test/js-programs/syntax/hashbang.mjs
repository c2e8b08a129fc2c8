#!/usr/bin/env node
// The first line is a comment of its own kind.
export default () => {
  const o = { '#!': 'not a comment here' };
  class C {
    #private = 'private names start alike';
    read() {
      return this.#private;
    }
  }
  return [o['#!'], new C().read(), '#!/usr/bin/env'.slice(2), [...'#!'].map((c) => c.codePointAt(0))];
};
