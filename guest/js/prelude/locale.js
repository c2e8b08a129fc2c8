// What depends on a locale, for English only: there is no Intl in a guest.
import { methods } from './define.js';

const MOST_FRACTION = 3;

export function installLocale() {
  const numberOf = Number.prototype.valueOf;
  const bigIntOf = BigInt.prototype.valueOf;
  methods(Number.prototype, {
    toLocaleString(...rest) {
      return formatNumber(numberOf.call(this), rest[1]);
    },
  });
  methods(BigInt.prototype, {
    toLocaleString() {
      return group(String(bigIntOf.call(this)));
    },
  });
  methods(String.prototype, {
    localeCompare(that, ...rest) {
      const options = rest[1];
      if (this === undefined || this === null)
        throw new TypeError('String.prototype.localeCompare called on null or undefined');
      return compare(textOf(this).normalize('NFC'), textOf(that).normalize('NFC'), options ?? {});
    },
  });
}

/** As the language makes text of a value: a symbol is none. */
function textOf(value) {
  return `${value}`;
}

function formatNumber(value, options) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value < 0 ? '-∞' : '∞';
  const least = options?.minimumFractionDigits ?? 0;
  const most = options?.maximumFractionDigits ?? Math.max(least, MOST_FRACTION);
  const [whole, fraction = ''] = plain(Math.abs(value), most).split('.');
  const shown = fraction.replace(/0+$/, '').padEnd(least, '0');
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return `${sign}${options?.useGrouping === false ? whole : group(whole)}${shown === '' ? '' : `.${shown}`}`;
}

function plain(value, digits) {
  return value < 1e21 ? value.toFixed(digits) : String(BigInt(value));
}

function group(digits) {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** Letters first, then accents, then small before capital, as dictionaries have it. */
function compare(one, other, { numeric = false, sensitivity = 'variant' }) {
  const first = keysOf(one, numeric);
  const second = keysOf(other, numeric);
  const levels = { base: 1, accent: 2, case: 1, variant: 3 }[sensitivity] ?? 3;
  for (let level = 0; level < levels; level++) {
    const order = compareKeys(first, second, level);
    if (order !== 0) return order;
  }
  return sensitivity === 'case' ? compareKeys(first, second, 2) : 0;
}

function compareKeys(first, second, level) {
  for (let index = 0; index < Math.min(first.length, second.length); index++) {
    const [left, right] = [first[index][level], second[index][level]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return Math.sign(first.length - second.length);
}

/** For each character `[letter, accents, case]`, each of which is compared as text or number. */
function keysOf(text, numeric) {
  const keys = [];
  for (const [part] of text.matchAll(numeric ? /\d+|./gsu : /./gsu)) {
    if (numeric && /^\d/.test(part)) {
      keys.push([
        `2${String(part.replace(/^0+(?=\d)/, '').length).padStart(6, '0')}${part.replace(/^0+(?=\d)/, '')}`,
        '',
        '',
      ]);
      continue;
    }
    const [base, ...marks] = part.normalize('NFD');
    const lower = base.toLowerCase();
    keys.push([rank(lower), marks.join(''), lower === base ? '0' : '1']);
  }
  return keys;
}

const MARKS = '_-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$';

function rank(character) {
  if (/\s/.test(character)) return `0${character}`;
  const mark = MARKS.indexOf(character);
  if (mark >= 0) return `1${String(mark).padStart(2, '0')}`;
  if (/\d/.test(character)) return `2000001${character}`;
  return `3${character}`;
}
