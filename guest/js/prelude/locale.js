// What depends on a locale, for English. A module that reads Intl gets more: guest/js/platform/globals.
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
      return compare(textOf(this), textOf(that), options ?? {});
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

const MARKS = '_-,;:!?.\'"()[]{}@*/\\&#%`^+<=>|~$';
/** In the order that dictionaries have them in. */
const ACCENTS = '\u0301\u0300\u0306\u0302\u030c\u030a\u0308\u030b\u0303\u0307\u0327\u0328\u0304';
const JOINED = { æ: 'ae', œ: 'oe', ß: 'ss' };
const DOTS = { I: 'ı', İ: 'i' };
/** Sorts after numbers, and before other letters. */
const FOREMOST = '2z';
/** Sorts after whatever else a key has. */
const END = '\uffff';
const PUNCTUATION = /[\s\p{P}]/gu;
const LEVELS = { base: 1, accent: 2, case: 1, variant: 3 };

/**
 * What an alphabet has beside a to z, each after the letter that its group begins with: `n ñ` is a letter between n and
 * o, `o=ø` an o with something about it. A letter may have two characters. `dotless`: a capital I is one without a dot.
 * `foremost`: matches letters that come before all others.
 */
export function orderOf(groups, { dotless = false, base = ENGLISH, foremost } = {}) {
  const letters = new Map(base.letters);
  for (const group of groups.split('|').filter(Boolean)) {
    const [first] = group;
    for (const [place, variants] of group.split(' ').entries())
      for (const [at, letter] of variants.split('=').entries())
        letters.set(letter, [`3${first}${place === 0 ? '' : END + place}`, at === 0 ? '' : END + at]);
  }
  const long = [...letters.keys()]
    .filter(({ length }) => length > 1)
    .sort((one, two) => two.length - one.length);
  const each = [...long, '.'].join('|');
  return {
    letters,
    dotless,
    foremost,
    each: new RegExp(each, 'gisu'),
    withNumbers: new RegExp(`\\d+|${each}`, 'gisu'),
  };
}

const ENGLISH = orderOf(
  'b ɓ|d=đ=ð ɗ|e ə|h=ħ|i ı|k ƙ|l=ł|n ŋ|o=ø|t ŧ|y ƴ|z þ|а ә|г=ґ ғ|д ђ|е є|з ѕ|и і й ј|к қ|л љ|н њ ң|о ө|т ћ|у=ў ү ұ|х һ|ч џ',
  { base: { letters: [] } },
);

/** Letters first, then accents, then small before capital, as dictionaries have it. */
export function compare(one, other, options, order = ENGLISH) {
  const { numeric = false, sensitivity = 'variant', caseFirst, ignorePunctuation = false } = options;
  const [first, second] = [one, other].map((text) => {
    const composed = text.normalize('NFC');
    return keysOf(ignorePunctuation ? composed.replace(PUNCTUATION, '') : composed, numeric, order);
  });
  const byCase = () => compareKeys(first, second, 2) * (caseFirst === 'upper' ? -1 : 1);
  for (let level = 0; level < (LEVELS[sensitivity] ?? LEVELS.variant); level++) {
    const result = level === 2 ? byCase() : compareKeys(first, second, level);
    if (result !== 0) return result;
  }
  return sensitivity === 'case' ? byCase() : 0;
}

function compareKeys(first, second, level) {
  for (let index = 0; index < Math.min(first.length, second.length); index++) {
    const [left, right] = [first[index][level], second[index][level]];
    if (left !== right) return left < right ? -1 : 1;
  }
  return Math.sign(first.length - second.length);
}

/** For each letter `[letter, accents, case]`, each of which is compared as text. */
function keysOf(text, numeric, { letters, dotless, foremost, each, withNumbers }) {
  const keys = [];
  for (const [part] of text.matchAll(numeric ? withNumbers : each)) {
    if (numeric && /^\d/.test(part)) {
      const digits = part.replace(/^0+(?=\d)/, '');
      keys.push([`2${String(digits.length).padStart(6, '0')}${digits}`, '', '']);
      continue;
    }
    const lower = (dotless && DOTS[part]) || part.toLowerCase();
    const capital = lower === part ? '0' : '1';
    if (letters.has(lower) || JOINED[lower] === undefined) {
      const [key, accents] = letters.get(lower) ?? keyOf(lower, letters);
      keys.push([foremost?.test(lower) ? FOREMOST + key : key, accents, capital]);
      continue;
    }
    for (const [at, half] of [...JOINED[lower]].entries()) keys.push([`3${half}`, at ? '' : END, capital]);
  }
  return keys;
}

function keyOf(character, letters) {
  const [base, ...marks] = character.normalize('NFD');
  const accents = marks.map((mark) => {
    const at = ACCENTS.indexOf(mark);
    return at < 0 ? mark : String.fromCharCode(at);
  });
  return [letters.get(base)?.[0] ?? rank(base), accents.join('')];
}

function rank(character) {
  if (/\s/.test(character)) return `0${character}`;
  const mark = MARKS.indexOf(character);
  if (mark >= 0) return `1${String(mark).padStart(2, '0')}`;
  if (/\d/.test(character)) return `2000001${character}`;
  return `3${character}`;
}
