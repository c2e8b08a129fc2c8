// Fixed offsets by hand: world clock, meeting slots, offset parsing and printing.
export default () => {
  const off = (s) => {
    const m = /^([+-])(\d\d):?(\d\d)$/.exec(s);
    return s === 'Z' ? 0 : m ? (m[1] === '-' ? -1 : 1) * (m[2] * 60 + +m[3]) : NaN;
  };
  const show = (o) =>
    o === 0
      ? 'Z'
      : `${o < 0 ? '-' : '+'}${String(Math.trunc(Math.abs(o) / 60)).padStart(2, '0')}:${String(Math.abs(o) % 60).padStart(2, '0')}`;
  const at = (t, z) => new Date(t + off(z) * 6e4).toISOString().slice(0, 16).replace('T', ' ') + show(off(z));
  const t = Date.UTC(2024, 1, 28, 23, 30);
  const zones = ['Z', '+05:30', '-0800', '+14:00', '-11:00', '+05:45'];
  const work = (h, z) => {
    const l = (((h * 60 + off(z)) % 1440) + 1440) % 1440;
    return l >= 540 && l < 1020;
  };
  return [
    zones.map((z) => at(t, z)),
    zones.map((z) => Date.parse(`2024-03-01T00:00:00${show(off(z))}`) / 36e5 - Date.UTC(2024, 2, 1) / 36e5),
    Array.from({ length: 24 }, (_, h) => h).filter((h) => ['Z', '+05:30', '+01:00'].every((z) => work(h, z))),
    String(off('x')),
    [-90, 0, 345, -1].map(show),
    new Set(zones.map((z) => at(t, z).slice(0, 10))).size,
  ];
};
