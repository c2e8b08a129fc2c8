// Deep nesting, many keys, long strings, through JSON and back.
export default () => {
  let deep = 0;
  for (let i = 0; i < 400; i++) deep = i % 2 ? [deep] : { d: deep };
  const text = JSON.stringify(deep);
  let depth = 0;
  for (let v = JSON.parse(text); typeof v === 'object'; v = Array.isArray(v) ? v[0] : v.d) depth++;
  const wide = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`key${(i * 7919) % 3000}`, i]));
  const w = JSON.parse(JSON.stringify(wide));
  const long = 'aé\n😀"'.repeat(5000);
  const arr = Array.from({ length: 5000 }, (_, i) => ({
    i,
    s: String(i * i),
    f: i / 8,
    n: i % 3 ? null : [i],
  }));
  const json = JSON.stringify(arr);
  return {
    len: text.length,
    depth,
    wide: [Object.keys(w).length, w.key2999, Object.keys(w).slice(0, 3)],
    long: [JSON.parse(JSON.stringify(long)) === long, JSON.stringify(long).length],
    arr: [json.length, JSON.stringify(JSON.parse(json)) === json, JSON.parse(json)[4999]],
    tag: String(JSON),
    own: Object.getOwnPropertyNames(JSON).filter((n) => n === 'parse' || n === 'stringify'),
  };
};
