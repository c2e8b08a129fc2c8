// Which methods of an object `new Date(object)` asks for its value, in which order, and what is no value.
function attempt(value) {
  try {
    return new Date(value).getTime();
  } catch (error) {
    return error.name;
  }
}

export default function datesFromObjects() {
  const log = [];
  const gives = (name, value) => () => {
    log.push(name);
    return value;
  };
  const results = [
    attempt({ valueOf: gives('a', 5), toString: gives('b', '2020') }),
    attempt({ valueOf: gives('c', {}), toString: gives('d', '2020') }),
    attempt({ valueOf: gives('e', () => 1), toString: gives('f', '2021') }),
    attempt({ valueOf: 1, toString: gives('g', '2022') }),
    attempt({ valueOf: gives('h', {}), toString: gives('i', {}) }),
    attempt({ [Symbol.toPrimitive]: gives('j', {}) }),
    attempt({ [Symbol.toPrimitive]: (hint) => (hint === 'default' ? 7 : 8) }),
    attempt({ [Symbol.toPrimitive]: 1 }),
    attempt(Object.assign(() => {}, { valueOf: gives('k', 9) })),
    attempt({ valueOf: gives('l', Symbol('m')) }),
    attempt({ valueOf: gives('n', 1n) }),
    String(attempt({ valueOf: gives('o', null), toString: gives('p', '2023') })),
  ];
  const native = Date.prototype.getTime;
  Date.prototype.getTime = () => 1;
  const copied = native.call(new Date(new Date(1234)));
  Date.prototype.getTime = native;
  return { results, log, copied };
}
