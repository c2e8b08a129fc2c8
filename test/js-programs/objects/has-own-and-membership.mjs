// Object.hasOwn, in, hasOwnProperty, propertyIsEnumerable on odd objects.
const tryIt = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const nul = Object.assign(Object.create(null), { k: 1 });
  const liar = { hasOwnProperty: () => true, x: undefined };
  const p = Object.create({ inh: 1 }, { hid: { value: 1 } });
  const log = [];
  const key = {
    toString() {
      log.push('key');
      return 'x';
    },
  };
  return [
    Object.hasOwn(nul, 'k'),
    tryIt(() => nul.hasOwnProperty('k')),
    Object.hasOwn(liar, 'none'),
    liar.hasOwnProperty('none'),
    Object.hasOwn(liar, 'x'),
    Object.hasOwn(p, 'inh'),
    'inh' in p,
    Object.hasOwn(p, 'hid'),
    p.propertyIsEnumerable('hid'),
    Object.hasOwn('abc', 1),
    Object.hasOwn('abc', 'length'),
    Object.hasOwn([1, , 2], 1),
    Object.hasOwn([1], 'length'),
    tryIt(() => Object.hasOwn(null, 'x')),
    tryIt(() => 'x' in 'xyz'),
    tryIt(() => 'x' in null),
    Object.hasOwn(liar, key),
    key in liar,
    log.length,
    Object.hasOwn({ undefined: 1 }),
    Object.hasOwn(
      class {
        static s = 1;
      },
      's',
    ),
    Object.hasOwn(
      class {
        m() {}
      }.prototype,
      'm',
    ),
    Object.hasOwn(() => {}, 'prototype'),
    Object.hasOwn(function () {}, 'prototype'),
    Object.hasOwn({ [Symbol.iterator]: 1 }, Symbol.iterator),
    [].propertyIsEnumerable('length'),
    [1].propertyIsEnumerable(0),
    Object.hasOwn(globalThis, 'Array'),
    Object.hasOwn(
      new (class {
        #p = 1;
        q = 1;
      })(),
      'q',
    ),
    tryIt(() =>
      Object.hasOwn(
        {},
        {
          toString: () => {
            throw new RangeError();
          },
        },
      ),
    ),
    1 in [1],
    (-0) in [1],
    '0' in [1],
    '00' in [1],
  ];
};
