// Long strings made by concatenation, then read in every way.
export default () => {
  let s = '';
  for (let i = 0; i < 20000; i++) s += String.fromCharCode(97 + ((i * 7) % 26));
  let front = '';
  for (let i = 0; i < 2000; i++) front = (i % 10) + front;
  let mixed = '';
  for (let i = 0; i < 1000; i++) mixed = i % 2 ? mixed + 'é' : `x${mixed}`;
  let h = 0;
  for (let i = 0; i < s.length; i++) h = (Math.imul(h, 31) + s.charCodeAt(i)) | 0;
  const doubled = ((n) => {
    let d = 'ab';
    while (n--) d += d;
    return d;
  })(14);
  return [
    s.length,
    h,
    s.slice(10000, 10026),
    s.indexOf('zgn'),
    front.slice(0, 12),
    front.length,
    mixed.length,
    mixed.indexOf('é'),
    mixed.lastIndexOf('x'),
    doubled.length,
    doubled.lastIndexOf('ba'),
    s.split('a').length,
    s.replaceAll('a', '').length,
    s.toUpperCase().at(-1),
    [...new Set(s)].length,
    s + front === s.concat(front),
    s.substring(5, 9) + s.at(-5),
  ];
};
