// UTC setters return the time and overflow; invalid dates; clones.
const t = (f) => {
  try {
    return f();
  } catch (e) {
    return e.name;
  }
};
export default () => {
  const d = new Date(Date.UTC(2024, 0, 31, 12, 30, 15, 500));
  const get = () =>
    [
      d.getUTCFullYear(),
      d.getUTCMonth(),
      d.getUTCDate(),
      d.getUTCDay(),
      d.getUTCHours(),
      d.getUTCMinutes(),
      d.getUTCSeconds(),
      d.getUTCMilliseconds(),
    ].join(' ');
  const steps = [get()];
  for (const [m, ...a] of [
    ['Month', 1],
    ['Date', 0],
    ['FullYear', 2023, 1, 29],
    ['Hours', -1],
    ['Minutes', 90, 5],
    ['Seconds', 3600],
    ['Milliseconds', -1],
    ['Date', 366],
    ['Month', 25, 1],
    ['Hours', 1, 2, 3, 4],
  ]) {
    const r = d[`setUTC${m}`](...a);
    steps.push(`${get()} ${r === d.getTime()}`);
  }
  const bad = new Date(NaN);
  return {
    steps,
    bad: [
      String(bad),
      t(() => bad.toISOString()),
      bad.toJSON(),
      JSON.stringify({ bad }),
      Number.isNaN(bad.getUTCDay()),
      Number.isNaN(bad.setUTCHours(1)),
      bad.setUTCFullYear(2020) > 0,
      Number.isNaN(+d.setTime(NaN)),
      Number.isNaN(d.setUTCDate(1)),
    ],
    fix: new Date(new Date(7)).getTime(),
    types: [
      typeof Date(),
      typeof Date.now(),
      new Date(0) instanceof Date,
      typeof (new Date(0) - 1),
      new Date(null).getTime(),
      Number.isNaN(+new Date(undefined)),
      new Date('5') instanceof Date,
      new Date(true).getTime(),
      new Date({ valueOf: () => 9 }).getTime(),
    ],
    errs: [
      t(() => Date.prototype.getTime.call({})),
      t(() => Date.prototype[Symbol.toPrimitive].call(new Date(0), 'bad')),
    ],
    json: [new Date(0).toJSON(), Date.prototype.toJSON.call({ toISOString: () => 'mine', valueOf: () => 1 })],
    utc: [
      new Date(0).toUTCString(),
      new Date(Date.UTC(99, 11, 31)).toUTCString(),
      new Date(Date.UTC(-5, 0)).toUTCString(),
    ],
    len: [Date.length, Date.UTC.length, d.setUTCHours.length],
  };
};
