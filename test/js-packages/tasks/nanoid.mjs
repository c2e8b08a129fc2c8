import { customAlphabet, customRandom, nanoid, urlAlphabet } from 'nanoid';

export default () => {
  let seed = 1;
  const made = customRandom('abcdef', 10, (size) =>
    Uint8Array.from({ length: size }, () => (seed = (seed * 75 + 74) % 65537)),
  );
  const ids = new Set(Array.from({ length: 100 }, () => nanoid()));
  return [
    ids.size,
    [...ids].every((id) => /^[\w-]{21}$/.test(id)),
    nanoid(5).length,
    /^[01]{8}$/.test(customAlphabet('01', 8)()),
    made(),
    urlAlphabet.length,
  ];
};
