import { decodeTime, encodeTime, monotonicFactory, ulid } from 'ulid';

export default () => {
  let seed = 1;
  const random = () => (seed = (seed * 75 + 74) % 65537) / 65537;
  const next = monotonicFactory(random);
  const [a, b] = [next(1_700_000_000_000), next(1_700_000_000_000)];
  return [
    a,
    b,
    a < b,
    decodeTime(a),
    encodeTime(1_469_918_176_385, 10),
    /^[0-9A-HJKMNP-TV-Z]{26}$/.test(ulid()),
  ];
};
