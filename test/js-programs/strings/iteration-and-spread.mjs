// Ways to walk a string.
export default () => {
  const s = 'a😀b';
  const idx = [];
  for (const i in s) idx.push(i);
  return [
    [...s],
    Array.from(s, (c) => c.length),
    s.split(''),
    idx,
    Object.keys(s),
    [...s.matchAll(/./gsu)].map((m) => m.index),
    Array.prototype.map.call(s, (c) => c.charCodeAt(0)),
    [...s].entries().next().value,
    Array.from({ length: s.length }, (_, i) => s.codePointAt(i)),
    [...new Set(s + s)].length,
    s.replace(/./gu, (c) => `[${c}]`),
    Object.entries('é').flat(),
  ];
};
