// The console: each line becomes one of the engine's logger.
import { define } from './define.js';
import { inspect } from './inspect.js';

const LEVELS = { error: 1, warn: 2, log: 3, info: 3, dir: 3, debug: 4, trace: 5 };
const ALL = 100;

export function installConsole(natives) {
  let indent = '';
  const counts = new Map();
  const starts = new Map();
  const write = (level, text) =>
    natives.log(level, indent === '' ? text : indent + text.replaceAll('\n', `\n${indent}`));
  const console = {};
  const method = (name, run) => define(console, name, run);

  for (const name of ['error', 'warn', 'log', 'info', 'debug', 'trace'])
    method(name, (...values) => write(LEVELS[name], formatAll(values)));
  method('dir', (value, options) => write(LEVELS.dir, inspect(value, depthOf(options?.depth))));
  method('table', (value) => write(LEVELS.log, inspect(value)));
  method('assert', (condition, ...values) => {
    if (!condition)
      write(
        LEVELS.error,
        values.length === 0 ? 'Assertion failed' : `Assertion failed: ${formatAll(values)}`,
      );
  });
  method('group', (...values) => {
    if (values.length > 0) write(LEVELS.log, formatAll(values));
    indent += '  ';
  });
  method('groupEnd', () => {
    indent = indent.slice(2);
  });
  method('count', (label = 'default') => {
    counts.set(`${label}`, (counts.get(`${label}`) ?? 0) + 1);
    write(LEVELS.log, `${label}: ${counts.get(`${label}`)}`);
  });
  method('countReset', (label = 'default') => void counts.delete(`${label}`));
  method('time', (label = 'default') => void starts.set(`${label}`, natives.now()));
  const elapsed = (label, values) => {
    const start = starts.get(`${label}`);
    if (start === undefined) return write(LEVELS.warn, `there is no timer ${label}`);
    return write(
      LEVELS.log,
      [`${label}: ${(natives.now() - start).toFixed(3)}ms`, ...values.map(show)].join(' '),
    );
  };
  method('timeLog', (label = 'default', ...values) => elapsed(label, values));
  method('timeEnd', (label = 'default') => {
    elapsed(label, []);
    starts.delete(`${label}`);
  });
  define(globalThis, 'console', console);
}

function depthOf(depth) {
  return depth === null ? ALL : depth;
}

function show(value) {
  return typeof value === 'string' ? value : inspect(value);
}

function formatAll(values) {
  const [first, ...rest] = values;
  if (typeof first !== 'string' || rest.length === 0) return values.map(show).join(' ');
  const text = first.replaceAll(/%[sdifjoOc%]/g, (mark) => {
    if (mark === '%%') return '%';
    return rest.length === 0 ? mark : formatMark(mark, rest.shift());
  });
  return [text, ...rest.map(show)].join(' ');
}

function formatMark(mark, value) {
  switch (mark) {
    case '%s':
      return typeof value === 'object' && value !== null
        ? inspect(value, 0)
        : typeof value === 'bigint'
          ? `${value}n`
          : String(value);
    case '%d':
      return typeof value === 'bigint'
        ? `${value}n`
        : typeof value === 'symbol'
          ? 'NaN'
          : inspect(Number(value));
    case '%i':
      return typeof value === 'bigint'
        ? `${value}n`
        : typeof value === 'symbol'
          ? 'NaN'
          : inspect(Number.parseInt(value, 10));
    case '%f':
      return typeof value === 'symbol' ? 'NaN' : inspect(Number.parseFloat(value));
    case '%j':
      return toJson(value);
    case '%o':
      return inspect(value, 4);
    case '%O':
      return inspect(value);
    default:
      return ''; // %c: a style
  }
}

function toJson(value) {
  try {
    return String(JSON.stringify(value));
  } catch {
    return '[Circular]';
  }
}
