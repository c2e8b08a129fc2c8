// Civil dates without Date: day numbers both ways, weekday, Zeller, leap rules, Julian calendar.
const days = (y, m, d) => {
  y -= m <= 2;
  const era = Math.floor(y / 400),
    yoe = y - era * 400,
    doy = Math.floor((153 * (m + (m > 2 ? -3 : 9)) + 2) / 5) + d - 1;
  return era * 146097 + yoe * 365 + Math.floor(yoe / 4) - Math.floor(yoe / 100) + doy - 719468;
};
const civil = (z) => {
  z += 719468;
  const era = Math.floor(z / 146097),
    doe = z - era * 146097,
    yoe = Math.floor(
      (doe - Math.floor(doe / 1460) + Math.floor(doe / 36524) - Math.floor(doe / 146096)) / 365,
    ),
    doy = doe - (365 * yoe + Math.floor(yoe / 4) - Math.floor(yoe / 100)),
    mp = Math.floor((5 * doy + 2) / 153);
  const m = mp + (mp < 10 ? 3 : -9);
  return [yoe + era * 400 + (m <= 2), m, doy - Math.floor((153 * mp + 2) / 5) + 1];
};
const zeller = (y, m, d) => {
  if (m < 3) {
    m += 12;
    y--;
  }
  return (
    (d + Math.floor((13 * (m + 1)) / 5) + y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)) %
    7
  );
};
export default () => {
  const agree = Array.from({ length: 400 }, (_, i) => i * 997 - 150000).every((n) => {
    const [y, m, d] = civil(n);
    const t = new Date(n * 86400000);
    return (
      days(y, m, d) === n && t.getUTCFullYear() === y && t.getUTCMonth() + 1 === m && t.getUTCDate() === d
    );
  });
  return {
    agree,
    list: [0, -1, 19782, -719468, 2932896].map(civil),
    nums: [
      [1970, 1, 1],
      [2000, 2, 29],
      [1, 1, 1],
      [9999, 12, 31],
    ].map((a) => days(...a)),
    zeller: [
      [2024, 5, 6],
      [1900, 1, 1],
      [2000, 2, 29],
    ].map((a) => zeller(...a)),
    spans: [days(2024, 3, 1) - days(2024, 2, 1), days(1900, 3, 1) - days(1900, 2, 1)],
    doomsday: [1900, 2000, 2024].map((y) => ((days(y, 4, 4) % 7) + 11) % 7),
  };
};
