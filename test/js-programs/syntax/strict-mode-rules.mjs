// Modules are strict: writes that fail throw, this is not boxed, arguments is a copy.
const nameOf = (f) => {
  try {
    f();
    return 'fine';
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const frozen = Object.freeze([1]);
  const noSetter = {
    get x() {
      return 1;
    },
  };
  const fixed = Object.defineProperty({}, 'k', { value: 1 });
  const closed = Object.preventExtensions({ a: 1 });
  function self() {
    return this;
  }
  function args(a) {
    a = 'changed';
    return arguments[0];
  }
  return {
    throws: [
      nameOf(() => {
        frozen[0] = 2;
      }),
      nameOf(() => frozen.push(1)),
      nameOf(() => {
        noSetter.x = 1;
      }),
      nameOf(() => {
        fixed.k = 2;
      }),
      nameOf(() => delete fixed.k),
      nameOf(() => {
        closed.b = 1;
      }),
      nameOf(() => {
        closed.a = 2;
      }),
      nameOf(() => {
        'text'.length = 1;
      }),
      nameOf(() => {
        (5).x = 1;
      }),
      nameOf(() => {
        undefined.x = 1;
      }),
      nameOf(() => {
        globalThis.undefined = 1;
      }),
      nameOf(() => {
        NaN2 = 1;
      }),
      nameOf(() => delete Object.prototype),
      nameOf(() => arguments.callee),
      nameOf(() => {
        (() => {}).caller2;
      }),
      nameOf(() => {
        delete [].length;
      }),
      nameOf(() => {
        Math.PI = 3;
      }),
      nameOf(function () {
        return arguments.callee;
      }),
    ],
    this: [typeof self(), typeof self.call(5), self.call('s'), self.call(null)],
    args: args('given'),
    top: typeof (() => this)(),
  };
};
