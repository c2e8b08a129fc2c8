// Format strings, ISO durations, relative times, cron matching; all in UTC.
const pad = (n, w = 2) => String(n).padStart(w, '0');
const MON = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const format = (d, f) =>
  f.replace(
    /YYYY|YY|MMM|MM|M|DD|D|HH|hh|mm|ss|SSS|A|ddd|\[([^\]]*)\]/g,
    (t, lit) =>
      lit ??
      {
        YYYY: () => pad(d.getUTCFullYear(), 4),
        YY: () => pad(d.getUTCFullYear() % 100),
        MMM: () => MON[d.getUTCMonth()],
        MM: () => pad(d.getUTCMonth() + 1),
        M: () => d.getUTCMonth() + 1,
        DD: () => pad(d.getUTCDate()),
        D: () => d.getUTCDate(),
        HH: () => pad(d.getUTCHours()),
        hh: () => pad(d.getUTCHours() % 12 || 12),
        mm: () => pad(d.getUTCMinutes()),
        ss: () => pad(d.getUTCSeconds()),
        SSS: () => pad(d.getUTCMilliseconds(), 3),
        A: () => (d.getUTCHours() < 12 ? 'AM' : 'PM'),
        ddd: () => 'Sun Mon Tue Wed Thu Fri Sat'.split(' ')[d.getUTCDay()],
      }[t](),
  );
const duration = (s) => {
  const m = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(s);
  return m ? m.slice(1).reduce((t, v, i) => t + Number(v ?? 0) * [86400, 3600, 60, 1][i], 0) : null;
};
const human = (s) => {
  const out = [];
  for (const [n, u] of [
    [86400, 'd'],
    [3600, 'h'],
    [60, 'm'],
    [1, 's'],
  ]) {
    const k = Math.floor(s / n);
    s %= n;
    if (k) out.push(k + u);
  }
  return out.join(' ') || '0s';
};
const ago = (ms) => {
  const [n, u] = [
    [31536e6, 'year'],
    [2592e6, 'month'],
    [864e5, 'day'],
    [36e5, 'hour'],
    [6e4, 'minute'],
    [1e3, 'second'],
  ].find(([x]) => ms >= x) ?? [1, 'ms'];
  const k = Math.floor(ms / n);
  return `${k} ${u}${k > 1 ? 's' : ''} ago`;
};
const cron = (expr, d) =>
  expr.split(' ').every((f, i) =>
    f.split(',').some((p) => {
      const [range, step = 1] = p.split('/');
      const [lo, hi = step > 1 ? 99 : lo] = range === '*' ? [0, 99] : range.split('-').map(Number);
      const v = [d.getUTCMinutes(), d.getUTCHours(), d.getUTCDate(), d.getUTCMonth() + 1, d.getUTCDay()][i];
      return v >= lo && v <= hi && (v - lo) % step === 0;
    }),
  );
export default () => {
  const d = new Date(Date.UTC(2024, 6, 4, 15, 5, 9, 7));
  return {
    fmt: ['YYYY-MM-DD', 'ddd, D MMM YY [at] hh:mm A', 'HH:mm:ss.SSS', '[YYYY] M'].map((f) => format(d, f)),
    dur: ['P1DT2H', 'PT1M30.5S', 'P3D', 'x'].map(duration),
    human: [0, 59, 3661, 90061].map(human),
    ago: [5, 1500, 7.3e6, 9e7, 4e10].map(ago),
    cron: ['5 15 * * *', '*/5 * * * 1-5', '0 0 1 1 *', '5 9-17 4 7 4,6'].map((c) => cron(c, d)),
  };
};
