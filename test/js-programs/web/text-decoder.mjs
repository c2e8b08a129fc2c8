// UTF-8 in: bad bytes, byte order marks, streams, fatal.
export default () => {
  const d = (b, o, l = 'utf-8') => {
    try {
      return new TextDecoder(l, o).decode(Uint8Array.from(b));
    } catch (e) {
      return e.name;
    }
  };
  const s = new TextDecoder();
  const parts = [[0xf0, 0x9f], [0x98], [0x80, 0x61, 0xc3], []].map((b, i) =>
    s.decode(Uint8Array.from(b), { stream: i < 3 }),
  );
  return {
    ok: [d([0x61, 0xc3, 0xa9]), d([0xe2, 0x82, 0xac]), d([0xf0, 0x9f, 0x98, 0x80]), d([])],
    bad: [
      [0x80],
      [0xc3],
      [0xc3, 0x28],
      [0xe2, 0x82],
      [0xe2, 0x28, 0xa1],
      [0xed, 0xa0, 0x80],
      [0xc0, 0x80],
      [0xf5, 0x80, 0x80, 0x80],
      [0xf0, 0x9f, 0x98],
      [0xff, 0xfe, 0x41],
      [0xf4, 0x90, 0x80, 0x80],
    ].map((b) => [d(b), d(b, { fatal: true })]),
    bom: [
      d([0xef, 0xbb, 0xbf, 0x61]).length,
      d([0xef, 0xbb, 0xbf, 0x61], { ignoreBOM: true }).length,
      d([0x61, 0xef, 0xbb, 0xbf]).length,
    ],
    parts,
    meta: [s.encoding, s.fatal, s.ignoreBOM, new TextDecoder('UTF8').encoding],
    views: [
      new TextDecoder().decode(new Uint8Array([97, 98, 99]).subarray(1)),
      new TextDecoder().decode(new Uint8Array([97, 98]).buffer),
      new TextDecoder().decode(new DataView(new Uint8Array([120]).buffer)),
      new TextDecoder().decode(),
    ],
    err: d([1], {}, 'no-such-encoding'),
  };
};
