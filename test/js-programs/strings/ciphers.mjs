// Caesar, Vigenere, run-length, Morse, base32, rail fence.
const shift = (s, k) =>
  s.replace(/[a-z]/gi, (c) => {
    const base = c <= 'Z' ? 65 : 97;
    return String.fromCharCode(((c.charCodeAt(0) - base + k + 26) % 26) + base);
  });
const vig = (s, key, d = 1) => {
  let i = 0;
  return s.replace(/[a-z]/g, (c) => shift(c, d * (key.charCodeAt(i++ % key.length) - 97)));
};
const rle = (s) => s.replace(/(.)\1*/gs, (m, c) => (m.length > 1 ? m.length : '') + c);
const unrle = (s) => s.replace(/(\d+)(\D)/gs, (_, n, c) => c.repeat(n));
const morse = Object.fromEntries(
  'a.- b-... c-.-. d-.. e. f..-. g--. h.... i.. j.--- k-.- l.-.. m-- n-. o--- p.--. q--.- r.-. s... t- u..- v...- w.-- x-..- y-.-- z--..'
    .split(' ')
    .map((x) => [x[0], x.slice(1)]),
);
const b32 = (s) => {
  let bits = '';
  for (const c of s) bits += c.charCodeAt(0).toString(2).padStart(8, '0');
  const out = bits
    .match(/.{1,5}/g)
    .map((b) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(b.padEnd(5, '0'), 2)])
    .join('');
  return out.padEnd(Math.ceil(out.length / 8) * 8, '=');
};
const rail = (s, n) => {
  const rows = Array.from({ length: n }, () => '');
  [...s].forEach((c, i) => {
    const p = i % (2 * n - 2);
    rows[p < n ? p : 2 * n - 2 - p] += c;
  });
  return rows.join('');
};
export default () => ({
  caesar: [shift('Hello, World!', 3), shift(shift('Zebra', 13), 13), shift('abc', -1)],
  vig: [vig('attack at dawn', 'lemon'), vig(vig('attack at dawn', 'lemon'), 'lemon', -1)],
  rle: [rle('WWWWBBBCDDDD\n\n'), unrle(rle('aaabccdddd'))],
  morse: [...'sos help'].map((c) => morse[c] ?? '/').join(' '),
  b32: ['foobar', 'f', 'Hello!'].map(b32),
  rail: rail('WEAREDISCOVEREDFLEEATONCE', 3),
});
