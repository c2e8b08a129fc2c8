// Marks and measures of performance; its clock is in every guest.
import { tag } from '../shared/define.js';

const { performance, structuredClone: clone } = globalThis;
const entries = [];

class PerformanceEntry {
  constructor(name, entryType, startTime, duration, detail) {
    Object.assign(this, { name, entryType, startTime, duration, detail });
  }

  toJSON() {
    return { ...this };
  }
}

class PerformanceMark extends PerformanceEntry {
  constructor(name, { startTime = performance.now(), detail = null } = {}) {
    super(`${name}`, 'mark', startTime, 0, clone(detail));
  }
}

class PerformanceMeasure extends PerformanceEntry {}

function keep(entry) {
  let at = entries.length;
  while (at > 0 && entries[at - 1].startTime > entry.startTime) at -= 1;
  entries.splice(at, 0, entry);
  return entry;
}

function timeOf(mark) {
  if (typeof mark === 'number') return mark;
  const found = entries.findLast(({ name, entryType }) => entryType === 'mark' && name === `${mark}`);
  if (found === undefined)
    throw new DOMException(`The "${mark}" performance mark has not been set`, 'SyntaxError');
  return found.startTime;
}

function measure(name, startOrOptions, endMark) {
  const options =
    typeof startOrOptions === 'object' && startOrOptions !== null
      ? startOrOptions
      : { start: startOrOptions, end: endMark };
  const { duration, detail = null } = options;
  const until = options.end === undefined ? undefined : timeOf(options.end);
  const from = options.start === undefined ? undefined : timeOf(options.start);
  const end = until ?? (from !== undefined && duration !== undefined ? from + duration : performance.now());
  const start = from ?? (until !== undefined && duration !== undefined ? until - duration : 0);
  return keep(new PerformanceMeasure(`${name}`, 'measure', start, end - start, clone(detail)));
}

function clear(type) {
  return (name) => {
    const kept = entries.filter(
      (entry) => entry.entryType !== type || (name !== undefined && entry.name !== `${name}`),
    );
    entries.splice(0, entries.length, ...kept);
  };
}

Object.assign(performance, {
  mark: (name, options) => keep(new PerformanceMark(name, options)),
  measure,
  clearMarks: clear('mark'),
  clearMeasures: clear('measure'),
  getEntries: () => [...entries],
  getEntriesByName: (name, type) =>
    entries.filter((entry) => entry.name === name && (type === undefined || entry.entryType === type)),
  getEntriesByType: (type) => entries.filter(({ entryType }) => entryType === type),
  timerify: (run) => run,
  eventLoopUtilization: () => ({ idle: 0, active: 0, utilization: 0 }),
});
tag(PerformanceEntry, 'PerformanceEntry');
tag(PerformanceMark, 'PerformanceMark');
tag(PerformanceMeasure, 'PerformanceMeasure');

export default { PerformanceEntry, PerformanceMark, PerformanceMeasure };
