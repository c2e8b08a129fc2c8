// ISO weeks, Easter, day of the year, Julian day numbers, weekday counts, business days, month grid.
const DAY = 86400000;
const utc = (y, m, d) => new Date(Date.UTC(y, m - 1, d));
const ymd = (d) => d.toISOString().slice(0, 10);
const isoWeek = (d) => {
  const t = new Date(d);
  t.setUTCDate(t.getUTCDate() + 4 - (t.getUTCDay() || 7));
  const y = t.getUTCFullYear();
  return `${y}-W${String(Math.ceil(((t - Date.UTC(y, 0, 1)) / DAY + 1) / 7)).padStart(2, '0')}`;
};
const easter = (y) => {
  const a = y % 19,
    b = Math.floor(y / 100),
    c = y % 100,
    h = (19 * a + b - (b >> 2) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30,
    l = (32 + 2 * (b % 4) + 2 * (c >> 2) - h - (c % 4)) % 7,
    m = Math.floor((a + 11 * h + 22 * l) / 451),
    n = h + l - 7 * m + 114;
  return ymd(utc(y, Math.floor(n / 31), (n % 31) + 1));
};
const addMonths = (d, n) => {
  const t = new Date(d);
  t.setUTCDate(1);
  t.setUTCMonth(t.getUTCMonth() + n);
  const last = utc(t.getUTCFullYear(), t.getUTCMonth() + 2, 0).getUTCDate();
  t.setUTCDate(Math.min(d.getUTCDate(), last));
  return t;
};
const business = (d, n) => {
  const t = new Date(d);
  while (n) {
    t.setUTCDate(t.getUTCDate() + 1);
    if (t.getUTCDay() % 6) n--;
  }
  return ymd(t);
};
const age = (b, n) =>
  n.getUTCFullYear() - b.getUTCFullYear() - (n.toISOString().slice(5, 10) < b.toISOString().slice(5, 10));
const grid = (y, m) => {
  const first = (utc(y, m, 1).getUTCDay() + 6) % 7;
  const days = utc(y, m + 1, 0).getUTCDate();
  const cells = [
    ...Array(first).fill('  '),
    ...Array.from({ length: days }, (_, i) => String(i + 1).padStart(2)),
  ];
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_, i) =>
    cells.slice(i * 7, i * 7 + 7).join(' '),
  );
};
export default () => ({
  weeks: [
    [2021, 1, 3],
    [2020, 12, 31],
    [2024, 12, 30],
    [2016, 1, 1],
  ].map((a) => isoWeek(utc(...a))),
  easter: [2000, 2024, 2025, 1961].map(easter),
  yday: (utc(2024, 12, 31) - utc(2024, 1, 0)) / DAY,
  jdn: utc(2000, 1, 1) / DAY + 2440588,
  months: [1, 13, -2].map((n) => ymd(addMonths(utc(2024, 1, 31), n))),
  business: [business(utc(2024, 5, 3), 1), business(utc(2024, 5, 3), 10)],
  age: [age(utc(2000, 2, 29), utc(2024, 2, 28)), age(utc(2000, 2, 29), utc(2024, 2, 29))],
  fri13: Array.from({ length: 24 }, (_, i) => utc(2023, i + 1, 13))
    .filter((d) => d.getUTCDay() === 5)
    .map(ymd),
  grid: grid(2024, 2),
});
