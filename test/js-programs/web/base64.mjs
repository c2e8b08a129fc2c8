// atob and btoa.
const t = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => ({
  btoa: ['', 'f', 'fo', 'foo', 'foob', '\0\xff\x80', 12, null, 'é'].map((s) => t(() => btoa(s))),
  bad: [t(() => btoa('€')), t(() => btoa('😀'))],
  atob: ['', 'Zg==', 'Zg', 'Zm8=', 'Zm9v', ' Z m\n9v\t', 'AP+A', 'Zm9vYg'].map((s) => t(() => atob(s))),
  errs: ['Z', 'Zg=', 'Z===', 'Zm9v=', '*', 'Zg==Zg', '-_', 'Zm9vY'].map((s) => t(() => atob(s))),
  round: (() => {
    const s = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join('');
    return atob(btoa(s)) === s && btoa(s).length;
  })(),
  utf8: btoa(String.fromCharCode(...new TextEncoder().encode('π≈3'))),
});
