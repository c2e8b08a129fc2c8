// What this engine does otherwise than the language says, and need not be fast; guest/js/repairs.c has the rest.
import { method } from './define.js';

export function installRepairs() {
  repairRadix();
  repairSplit();
  repairReturn();
  repairHref();
}

const DIGITS = '0123456789abcdefghijklmnopqrstuvwxyz';
const MANTISSA = 2 ** 53;

/** Numbers in another radix than ten: the engine knows only those that fit 32 bits. */
function repairRadix() {
  const native = Number.prototype.toString;
  method(Number.prototype, 'toString', 1, function (radix) {
    if (radix === undefined || radix === 10) return native.call(this);
    const value = native.call(this, 10) && Number(this); // refuses what is no number
    const base = Math.trunc(Number(radix)) || 0;
    if (base < 2 || base > 36) throw new RangeError('toString() radix must be between 2 and 36');
    if (base === 10 || !Number.isFinite(value)) return native.call(this);
    if (value === (value | 0)) return native.call(value, base);
    return (
      (value < 0 ? '-' : '') + whole(Math.floor(Math.abs(value)), base) + fraction(Math.abs(value), base)
    );
  });
}

function whole(value, base) {
  let digits = '';
  let rest = value;
  // Beyond what a number holds exactly the digits are not known: zeros.
  while (rest / base >= MANTISSA) {
    rest /= base;
    digits = `0${digits}`;
  }
  do {
    const digit = rest % base;
    digits = DIGITS[Math.floor(digit)] + digits;
    rest = (rest - digit) / base;
  } while (rest > 0);
  return digits;
}

/** As many digits as tell the number from its neighbours, the last one rounded. */
function fraction(value, base) {
  let rest = value - Math.floor(value);
  let unsure = Math.max(gapAbove(value) / 2, Number.MIN_VALUE);
  if (rest < unsure) return '';
  const digits = [];
  do {
    rest *= base;
    unsure *= base;
    const digit = Math.floor(rest);
    digits.push(digit);
    rest -= digit;
    if ((rest > 0.5 || (rest === 0.5 && digit % 2 === 1)) && rest + unsure > 1) {
      roundUp(digits, base);
      break;
    }
  } while (rest >= unsure);
  return digits.length === 0 ? '' : `.${digits.map((digit) => DIGITS[digit]).join('')}`;
}

function roundUp(digits, base) {
  while (digits.length > 0) {
    const last = digits.pop() + 1;
    if (last < base) {
      digits.push(last);
      return;
    }
  }
}

function gapAbove(value) {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, value);
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n);
  return bits.getFloat64(0) - value;
}

/** A group that took no part in a match of the separator: undefined, not "undefined". */
function repairSplit() {
  const native = RegExp.prototype[Symbol.split];
  method(RegExp.prototype, Symbol.split, 2, function (text, limit) {
    // Without a group there is nothing to repair.
    if (!/\((?!\?[^<]|\?<[=!])/.test(this.source)) return native.call(this, text, limit);
    return splitWithGroups(this, `${text}`, limit === undefined ? 2 ** 32 - 1 : limit >>> 0);
  });
}

function splitWithGroups(separator, text, limit) {
  if (limit === 0) return [];
  const { flags } = separator;
  const matcher = new RegExp(separator.source, flags.includes('y') ? flags : `${flags}y`);
  if (text === '') return matcher.exec(text) === null ? [''] : [];
  const parts = [];
  let from = 0;
  for (let at = 0; at < text.length; ) {
    matcher.lastIndex = at;
    const match = matcher.exec(text);
    const end = Math.min(matcher.lastIndex, text.length);
    if (match === null || end === from) {
      at += flags.includes('u') && text.codePointAt(at) > 0xffff ? 2 : 1;
      continue;
    }
    for (const part of [text.slice(from, at), ...match.slice(1)]) {
      parts.push(part);
      if (parts.length === limit) return parts;
    }
    from = end;
    at = end;
  }
  parts.push(text.slice(from));
  return parts;
}

/** `return(promise)` of an asynchronous generator that has not begun: it would never be settled. */
function repairReturn() {
  const prototype = Object.getPrototypeOf(Object.getPrototypeOf((async function* () {})()));
  const native = prototype.return;
  method(prototype, 'return', 1, function (value) {
    if (typeof value?.then !== 'function') return native.call(this, value);
    return Promise.resolve(value).then((settled) => native.call(this, settled));
  });
}

/** A URL that was given a bad `href` keeps the one it has. */
function repairHref() {
  const { get, set } = Object.getOwnPropertyDescriptor(URL.prototype, 'href');
  Object.defineProperty(URL.prototype, 'href', {
    get,
    set(value) {
      set.call(this, new URL(value).href);
    },
    enumerable: true,
    configurable: true,
  });
}
