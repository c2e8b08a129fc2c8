import { addExtension, Packr, pack, Unpackr, unpack } from 'msgpackr';

class Point {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }
}
addExtension({
  Class: Point,
  type: 11,
  pack: ({ x, y }) => pack([x, y]),
  unpack: (bytes) => new Point(...unpack(bytes)),
});

const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

export default () => {
  const value = {
    a: [1, -2, 1.5, 2 ** 40],
    text: 'grüße '.repeat(10),
    on: new Date(86_400_000),
    none: null,
    bytes: Uint8Array.of(1, 2),
    big: 12n,
  };
  const structures = new Packr({ structures: [] });
  const records = [
    { id: 1, n: 'a' },
    { id: 2, n: 'b' },
  ];
  const back = unpack(pack(value));
  return {
    hex: hex(new Packr({ useRecords: false }).pack({ a: [1, 'x', true] })),
    back: { ...back, on: back.on.toISOString(), bytes: [...back.bytes], big: String(back.big) },
    records: structures.unpack(structures.pack(records)),
    point: unpack(pack({ p: new Point(3, 4) })).p.y,
    map: [
      ...new Unpackr({ mapsAsObjects: false }).unpack(
        new Packr({ useRecords: false }).pack(new Map([['k', 1]])),
      ),
    ],
  };
};
