// UTF-8 out of strings, with lone surrogates.
const hex = (b) => [...b].map((x) => x.toString(16).padStart(2, '0')).join('');
export default () => {
  const e = new TextEncoder();
  const into = (s, n) => {
    const b = new Uint8Array(n);
    return [{ ...e.encodeInto(s, b) }, hex(b)];
  };
  return {
    enc: ['', 'abc', 'é', '€', '😀', '\ud800', 'a\udc00b', '\0', '\uffff', '\ufeffx'].map((s) =>
      hex(e.encode(s)),
    ),
    type: [
      e.encoding,
      e.encode('a') instanceof Uint8Array,
      e.encode().length,
      e.encode(undefined).length,
      hex(e.encode(null)),
      hex(e.encode(12)),
    ],
    into: [into('aé€', 10), into('€€', 4), into('a😀', 3), into('abc', 0), into('😀', 4)],
  };
};
