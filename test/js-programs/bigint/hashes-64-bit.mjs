// FNV-1a, splitmix64, xorshift in 64 bits, with wrap around by asUintN.
const u = (x) => BigInt.asUintN(64, x);
const fnv = (s) => {
  let h = 0xcbf29ce484222325n;
  for (const b of new TextEncoder().encode(s)) h = u((h ^ BigInt(b)) * 0x100000001b3n);
  return h.toString(16);
};
const splitmix = (s) => () => {
  s = u(s + 0x9e3779b97f4a7c15n);
  let z = s;
  z = u((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = u((z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  return z ^ (z >> 31n);
};
const xorshift = (s) => () => {
  s = u(s ^ (s << 13n));
  s ^= s >> 7n;
  return (s = u(s ^ (s << 17n)));
};
const rotl = (x, k) => u((x << k) | (x >> (64n - k)));
export default () => {
  const a = splitmix(1234567n),
    b = xorshift(88172645463325252n);
  return {
    fnv: ['', 'a', 'foobar', 'é'].map(fnv),
    split: [a(), a(), a()].map(String),
    xor: [b(), b(), b()].map(String),
    rotl: [rotl(1n, 63n), rotl(0x8000000000000001n, 1n)].map(String),
    signed: String(BigInt.asIntN(64, 0xcbf29ce484222325n)),
    arr: (() => {
      const t = new BigUint64Array(4).map(() => a());
      return [t.length, String(t.reduce((x, y) => x ^ y)), String(t.toSorted()[0])];
    })(),
    pop: [...0xdeadbeefcafen.toString(2)].filter((c) => c === '1').length,
  };
};
