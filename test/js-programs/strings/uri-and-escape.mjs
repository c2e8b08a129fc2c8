// encodeURI, encodeURIComponent, decodeURI, decodeURIComponent, escape and unescape.
const nameOf = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const all = Array.from({ length: 96 }, (_, i) => String.fromCharCode(32 + i)).join('');
  return {
    uri: encodeURI(all),
    comp: encodeURIComponent(all),
    esc: escape(all),
    uni: ['é', '€', '😀', '\u0000', '\u07ff', '\uffff'].map(encodeURIComponent),
    esc2: ['é', '€', '😀'].map(escape),
    dec: [
      decodeURI('%41%2F%3f%23%e2%82%ac'),
      decodeURIComponent('%41%2F%3f%e2%82%ac+'),
      unescape('%u20ac%e9%zz%u12'),
      decodeURIComponent('%F0%9F%98%80'),
    ],
    bad: ['%', '%1', '%zz', '%80', '%c3', '%e2%82', '%c0%80', '%ed%a0%80', '%f5%80%80%80', '%ff'].map((s) =>
      nameOf(() => decodeURIComponent(s)),
    ),
    lone: ['\ud800', '\udc00', '\ud800x'].map((s) => nameOf(() => encodeURIComponent(s))),
    round: decodeURIComponent(encodeURIComponent('a b&c=d/ü😀')),
    undef: encodeURIComponent(undefined) + encodeURI(null),
  };
};
