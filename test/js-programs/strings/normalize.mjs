// Normal forms, with composed, decomposed and compatibility characters.
export default () => {
  const hex = (s) => [...s].map((c) => c.codePointAt(0).toString(16)).join(' ');
  const words = [
    '\u00e9',
    'e\u0301',
    '\u1e9b\u0323',
    '\ufb01',
    '\u212b',
    '\u1100\u1161\u11a8',
    '\uac01',
    '①',
    'ｱ',
    '\u0344',
    'a\u0323\u0307',
    'a\u0307\u0323',
    '½',
    '\u{1d15e}',
    'ſ',
    '²',
    'plain',
  ];
  const table = words.map((w) => ['NFC', 'NFD', 'NFKC', 'NFKD'].map((f) => hex(w.normalize(f))));
  let bad;
  try {
    'x'.normalize('nfc');
  } catch (e) {
    bad = e.name;
  }
  return {
    table,
    def: hex('e\u0301'.normalize()),
    same: '\u00e9'.normalize('NFD') === 'e\u0301',
    bad,
    undef: 'e\u0301'.normalize(undefined).length,
  };
};
