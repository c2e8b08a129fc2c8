// Bit boards of 64 bits: knight moves, sliding pieces, queens by bits, rotations.
export default () => {
  const M = (1n << 64n) - 1n;
  const sq = (s) => 1n << BigInt(s.charCodeAt(0) - 97 + (s[1] - 1) * 8);
  const fileA = 0x0101010101010101n,
    fileH = fileA << 7n;
  const notA = M ^ fileA,
    notH = M ^ fileH,
    notAB = notA & (notA << 1n),
    notGH = notH & (notH >> 1n);
  const list = (b) => {
    const o = [];
    for (let i = 0n; i < 64n; i++) if ((b >> i) & 1n) o.push('abcdefgh'[Number(i % 8n)] + (i / 8n + 1n));
    return o.join(' ');
  };
  const knight = (b) =>
    (((b & notH) << 17n) |
      ((b & notA) << 15n) |
      ((b & notGH) << 10n) |
      ((b & notAB) << 6n) |
      ((b & notA) >> 17n) |
      ((b & notH) >> 15n) |
      ((b & notAB) >> 10n) |
      ((b & notGH) >> 6n)) &
    M;
  const king = (b) => {
    const r = b | ((b & notH) << 1n) | ((b & notA) >> 1n);
    return (r | (r << 8n) | (r >> 8n)) & M & ~b;
  };
  const slide = (b, occ, sh, mask) => {
    let o = 0n;
    for (let x = b; ; ) {
      x = (sh > 0n ? (x & mask) << sh : (x & mask) >> -sh) & M;
      if (!x) return o;
      o |= x;
      if (x & occ) return o;
    }
  };
  const occ = sq('d6') | sq('g4');
  const rook =
    slide(sq('d4'), occ, 8n, M) |
    slide(sq('d4'), occ, -8n, M) |
    slide(sq('d4'), occ, 1n, notH) |
    slide(sq('d4'), occ, -1n, notA);
  const queens = (n) => {
    const all = (1 << n) - 1;
    const go = (c, l, r) => {
      if (c === all) return 1;
      let t = 0;
      for (let f = all & ~(c | l | r); f; ) {
        const b = f & -f;
        f ^= b;
        t += go(c | b, (l | b) << 1, (r | b) >> 1);
      }
      return t;
    };
    return go(0, 0, 0);
  };
  const flip = (b) => {
    let o = 0n;
    for (let i = 0n; i < 8n; i++) o |= ((b >> (i * 8n)) & 0xffn) << ((7n - i) * 8n);
    return o;
  };
  return [
    list(knight(sq('a1'))),
    list(knight(sq('d4'))),
    list(king(sq('h8'))),
    list(rook),
    [4, 5, 6, 7, 8].map(queens),
    list(flip(sq('a1') | sq('h7'))),
    (fileA | fileH).toString(16),
    String(BigInt.asIntN(64, 1n << 63n)),
  ];
};
