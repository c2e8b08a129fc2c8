// Every pairing of odd values under ==, ===, Object.is and <.
export default () => {
  const values = {
    zero: 0,
    minus: -0,
    nan: NaN,
    empty: '',
    s0: '0',
    sp: ' ',
    nul: null,
    und: undefined,
    f: false,
    t: true,
    one: 1,
    arr: [],
    arr0: [0],
    obj: {},
    big: 0n,
  };
  const names = Object.keys(values);
  const rows = {};
  for (const a of names) {
    let row = '';
    for (const b of names) {
      const [x, y] = [values[a], values[b]];
      row += x === y ? (Object.is(x, y) ? '3' : '2') : x == y ? '1' : Object.is(x, y) ? 'i' : '0';
    }
    rows[a] = row;
  }
  const less = names.map((a) => names.map((b) => Number(values[a] < values[b])).join(''));
  return {
    rows,
    less,
    strings: [
      'a' < 'b',
      'B' < 'a',
      '10' < '9',
      '10' < 9,
      'a' < 1,
      null >= 0,
      null > 0,
      undefined >= 0,
      [2] > 1,
      '' < 'a',
      1n < 1.5,
      2n > '1',
      1n == 1,
      1n === 1,
    ],
  };
};
