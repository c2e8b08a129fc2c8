// Dates as Node has them: what the engine's own parser does not know or wrongly takes, and the name of the time zone.
// A guest's clock is in UTC.
import { define, method, methods } from './define.js';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const ZONES = {
  utc: 0,
  gmt: 0,
  z: 0,
  ut: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
};
const ISO =
  /^([+-]\d{6}|\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(Z|[+-]\d\d:\d\d)?)?$/;
const MS_PER_MINUTE = 60_000;
const DAY_MS = 86_400_000;

export function installDates() {
  const Native = Date;
  const { prototype } = Native;
  const { getTime } = prototype;
  installTexts(prototype);
  const { toString } = prototype;

  function Date_(...values) {
    if (new.target === undefined) return Reflect.apply(toString, new Date_(), []);
    return Reflect.construct(Native, values.length === 1 ? [valueOf(values[0])] : values, new.target);
  }
  const valueOf = (value) => {
    // A Date is taken as it is, whatever its methods have been made to say.
    if (value instanceof Native) return Reflect.apply(getTime, value, []);
    const primitive = isObject(value) ? toPrimitive(value) : value;
    return typeof primitive === 'string' ? parse(primitive) : primitive;
  };

  Object.defineProperty(Date_, 'name', { value: 'Date', configurable: true });
  Object.defineProperty(Date_, 'length', { value: 7, configurable: true });
  Object.defineProperty(Date_, 'prototype', { value: prototype, writable: false });
  define(Date_, 'now', Native.now);
  define(Date_, 'UTC', Native.UTC);
  method(Date_, 'parse', 1, (text) => parse(`${text}`));
  define(prototype, 'constructor', Date_);
  define(globalThis, 'Date', Date_);
}

function toPrimitive(value) {
  const exotic = value[Symbol.toPrimitive];
  const primitive =
    exotic === undefined || exotic === null
      ? (ordinary(value, 'valueOf') ?? ordinary(value, 'toString'))
      : [Reflect.apply(exotic, value, ['default'])];
  if (primitive === undefined || isObject(primitive[0]))
    throw new TypeError('Cannot convert object to primitive value');
  return primitive[0];
}

/** `[what the method gives]`, if it is a method and gives no object. */
function ordinary(value, name) {
  const run = value[name];
  if (typeof run !== 'function') return undefined;
  const given = Reflect.apply(run, value, []);
  return isObject(given) ? undefined : [given];
}

function isObject(value) {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

function installTexts(prototype) {
  const { toString, toTimeString, getTime } = prototype;
  const zoned = (date, native) => {
    const text = native.call(date);
    return Number.isNaN(getTime.call(date)) ? text : `${text} (Coordinated Universal Time)`;
  };
  methods(prototype, {
    toString() {
      return zoned(this, toString);
    },
    toTimeString() {
      return zoned(this, toTimeString);
    },
  });
  const date = (time) => `${time.getUTCMonth() + 1}/${time.getUTCDate()}/${time.getUTCFullYear()}`;
  const clock = (time) => {
    const hours = time.getUTCHours();
    const rest = [time.getUTCMinutes(), time.getUTCSeconds()].map((part) => String(part).padStart(2, '0'));
    return `${[hours % 12 || 12, ...rest].join(':')} ${hours < 12 ? 'AM' : 'PM'}`;
  };
  const local = (time, format) => (Number.isNaN(getTime.call(time)) ? 'Invalid Date' : format(time));
  methods(prototype, {
    toLocaleDateString() {
      return local(this, date);
    },
    toLocaleTimeString() {
      return local(this, clock);
    },
    toLocaleString() {
      return local(this, (time) => `${date(time)}, ${clock(time)}`);
    },
  });
}

function parse(text) {
  const iso = ISO.exec(text);
  return iso === null ? parseOther(text) : parseIso(iso);
}

function parseIso([
  ,
  year,
  month = '01',
  day = '01',
  hour = '00',
  minute = '00',
  second = '00',
  parts = '',
  zone,
]) {
  if (year === '-000000') return Number.NaN;
  const numbers = [year, Number(month) - 1, day, hour, minute, second].map(Number);
  const fraction = Math.trunc(Number(`0.${parts || 0}`) * 1000);
  const offset = zone === undefined || zone === 'Z' ? 0 : offsetOf(zone);
  return assemble(numbers, fraction, offset, 31);
}

function offsetOf(zone) {
  const [, sign, hours, minutes = '0'] = /^([+-])(\d{1,2}):?(\d\d)?$/.exec(zone);
  return (Number(hours) * 60 + Number(minutes)) * (sign === '-' ? -1 : 1);
}

/** The time of the parts if each is in its range. */
function assemble([year, month, day, hour, minute, second], fraction, offset, mostDays) {
  const isMidnight = hour === 24 && minute === 0 && second === 0 && fraction === 0;
  if (!(month >= 0 && month < 12 && day >= 1 && day <= mostDays)) return Number.NaN;
  if (!((hour < 24 || isMidnight) && minute < 60 && second < 60)) return Number.NaN;
  const days = new Date(0).setUTCFullYear(year, month, day);
  const time =
    days + hour * 3_600_000 + minute * MS_PER_MINUTE + second * 1000 + fraction - offset * MS_PER_MINUTE;
  return Math.abs(time) <= 100_000_000 * DAY_MS ? time : Number.NaN;
}

/** `Jan 1, 2019 10:00 PM`, `1 January 2019 UTC`, `2019/1/2`, `1/2/2019`, `2019-01-02 10:00:00`: what Node takes, too. */
function parseOther(text) {
  const found = { numbers: [], fraction: 0, offset: undefined };
  const tokens =
    /\s*(?:\(.*?\)|(\d{1,2}):(\d\d)(?::(\d\d)(?:[.:](\d+))?)?|(\d+)([-/.,]?)|([a-z]+)\.?,?|([+-]\d{1,2}(?::?\d\d)?)|-)/giy;
  for (let end = 0; end < text.trimEnd().length; end = tokens.lastIndex) {
    const token = tokens.exec(text);
    if (token === null || !take(found, token)) return Number.NaN;
  }
  const date = dateOf(found);
  if (date === undefined) return Number.NaN;
  const { hour = 0, minute = 0, second = 0, half, fraction, offset = 0 } = found;
  if (half !== undefined && (hour < 1 || hour > 12)) return Number.NaN;
  const hours = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0);
  return assemble([...date, hours, minute, second], fraction, offset, 31);
}

function take(found, [, hour, minute, second, parts, number, , word, zone]) {
  if (hour !== undefined) {
    if (found.hour !== undefined) return false;
    Object.assign(found, { hour: Number(hour), minute: Number(minute), second: Number(second ?? 0) });
    found.fraction = Math.trunc(Number(`0.${parts ?? 0}`) * 1000);
    return true;
  }
  if (number !== undefined) return found.numbers.push(number) <= 3;
  if (zone !== undefined) {
    if (found.hour === undefined && found.offset === undefined) return found.numbers.push(zone.slice(1)) <= 3;
    found.offset = (found.offset ?? 0) + offsetOf(zone);
    return true;
  }
  return word === undefined || takeWord(found, word.toLowerCase());
}

function takeWord(found, word) {
  const month = MONTHS.indexOf(word.slice(0, 3));
  if (word === 'am' || word === 'pm') found.half = word;
  else if (Object.hasOwn(ZONES, word)) found.offset = ZONES[word];
  else if (month >= 0 && found.month === undefined) found.month = month;
  else if (word === 't' || DAYS.includes(word.slice(0, 3))) return true;
  else return false;
  return true;
}

function dateOf({ month, numbers }) {
  const [first, second, third] = numbers;
  if (month !== undefined) {
    if (second === undefined) return first === undefined ? undefined : [2001, month, Number(first)];
    // `1 January 2019`, `January 1 2019`, `2019 January 1`
    return first.length > 2 ? [Number(first), month, Number(second)] : [yearOf(second), month, Number(first)];
  }
  if (second === undefined) return Number(first) <= 12 ? [2001, Number(first) - 1, 1] : undefined;
  if (third === undefined) return [2001, Number(first) - 1, Number(second)];
  if (first.length > 2) return [Number(first), Number(second) - 1, Number(third)];
  return [yearOf(third), Number(first) - 1, Number(second)];
}

function yearOf(text) {
  const year = Number(text);
  if (text.length > 2) return year;
  return year < 50 ? 2000 + year : 1900 + year;
}
