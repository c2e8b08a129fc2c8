// A date class of its own with ranges, quarters and iteration, all in UTC.
class Day extends Date {
  static of(s) {
    return new Day(`${s}T00:00:00Z`);
  }
  get iso() {
    return this.toISOString().slice(0, 10);
  }
  plus({ days = 0, months = 0, years = 0 }) {
    const d = new Day(this);
    d.setUTCFullYear(d.getUTCFullYear() + years, d.getUTCMonth() + months, d.getUTCDate() + days);
    return d;
  }
  get quarter() {
    return `Q${Math.floor(this.getUTCMonth() / 3) + 1}`;
  }
  static *range(a, b, step = { days: 1 }) {
    for (let d = Day.of(a); d.iso < b; d = d.plus(step)) yield d;
  }
  get leap() {
    const y = this.getUTCFullYear();
    return (y % 4 === 0 && y % 100 !== 0) || y % 400 === 0;
  }
  nth(n, wd) {
    const f = this.plus({ days: 1 - this.getUTCDate() });
    return f.plus({ days: ((wd - f.getUTCDay() + 7) % 7) + (n - 1) * 7 });
  }
}
export default () => {
  const d = Day.of('2024-01-31');
  return [
    d.iso,
    d.plus({ months: 1 }).iso,
    d.plus({ days: 30 }).iso,
    d.plus({ years: 1, days: -31 }).iso,
    d.quarter,
    Day.of('2024-12-01').quarter,
    [...Day.range('2024-02-27', '2024-03-02')].map((x) => x.iso),
    [...Day.range('2024-01-01', '2024-12-31', { months: 5 })].map((x) => x.iso),
    d.leap,
    Day.of('1900-01-01').leap,
    d.nth(2, 2).iso,
    Day.of('2024-11-15').nth(4, 4).iso,
    d instanceof Date,
    d.constructor.name,
    JSON.stringify(d),
    +Day.of('2024-02-01') - +d,
  ];
};
