// Hex, base64url, UTF-16 and percent coding built on the encoders.
const enc = (s) => new TextEncoder().encode(s),
  dec = (b) => new TextDecoder().decode(b);
const hex = (b) => Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('');
const unhex = (s) => Uint8Array.from(s.match(/../g) ?? [], (h) => Number.parseInt(h, 16));
const b64u = (b) =>
  btoa(String.fromCharCode(...b))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');
const unb64u = (s) => Uint8Array.from(atob(s.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
const utf16 = (s) => {
  const v = new DataView(new ArrayBuffer(s.length * 2));
  [...Array(s.length).keys()].forEach((i) => v.setUint16(i * 2, s.charCodeAt(i)));
  return hex(new Uint8Array(v.buffer));
};
export default () => {
  const s = 'Grüße 😀 ~?>';
  return {
    hex: hex(enc(s)),
    back: dec(unhex(hex(enc(s)))) === s,
    b64: b64u(enc(s)),
    back64: dec(unb64u(b64u(enc(s)))) === s,
    utf16: utf16('é😀'),
    pct: Array.from(enc(s), (b) =>
      /[\w.~-]/.test(String.fromCharCode(b))
        ? String.fromCharCode(b)
        : `%${b.toString(16).toUpperCase().padStart(2, '0')}`,
    ).join(''),
    jwt: JSON.parse(dec(unb64u('eyJzdWIiOiIxMjMiLCJuIjpbMSwyXX0'))),
    len: ['a', 'é', '€', '😀'].map((c) => [c.length, enc(c).length]),
  };
};
