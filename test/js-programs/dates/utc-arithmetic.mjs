// Date.UTC, overflow of fields, month ends, leap years.
const iso = (...a) => {
  const d = new Date(Date.UTC(...a));
  return Number.isNaN(+d) ? 'invalid' : d.toISOString();
};
export default () => ({
  utc: [
    iso(2024, 0),
    iso(2024, 1, 29),
    iso(2023, 1, 29),
    iso(2024, 12, 1),
    iso(2024, -1, 1),
    iso(2024, 0, 0),
    iso(2024, 0, 1, 25, 61, 61, 1001),
    iso(99, 0),
    iso(100, 0),
    iso(-1, 0),
    iso(2024, 0, 1.9),
    iso(2024, '5', '6'),
    iso(2024),
    iso(NaN, 0),
    iso(2024, 0, 1e9),
    iso(2024, undefined),
  ],
  leap: [1900, 2000, 2023, 2024, 2100].map((y) => new Date(Date.UTC(y, 2, 0)).getUTCDate()),
  ends: Array.from({ length: 12 }, (_, m) => new Date(Date.UTC(2024, m + 1, 0)).getUTCDate()).join(),
  days: (Date.UTC(2024, 11, 25) - Date.UTC(2024, 1, 28)) / 86400000,
  week: Array.from({ length: 7 }, (_, i) => new Date(Date.UTC(2024, 0, 1 + i)).getUTCDay()).join(''),
  limits: [
    new Date(8.64e15).toISOString(),
    Number.isNaN(+new Date(8.64e15 + 1)),
    new Date(-8.64e15).toISOString(),
    new Date(-1).toISOString(),
    Date.UTC(1970, 0, 1) + 0,
    new Date(1.9).getTime(),
    Object.is(new Date(-0).getTime(), 0),
  ],
});
