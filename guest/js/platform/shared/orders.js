// The orders of letters of languages whose order is another one than the English: see orderOf. Of CLDR.
import { orderOf } from '../../prelude/locale.js';

const CROATIAN = 'c č ć|d dž đ|l lj|n nj|s š|z ž';
const NORWEGIAN = 'y=ü|z æ=ä ø=ö å=aa';
const SWEDISH = 'y=ü|z å ä=æ ö=ø';
const ORDERS = {
  az: 'c ç|e ə|g ğ|h x ı|k q|o ö|s ş|u ü|z w',
  bs: CROATIAN,
  cs: 'c č|h ch|r ř|s š|z ž',
  cy: 'c ch|d dd|f ff|g ng|l ll|p ph|r rh|t th',
  da: NORWEGIAN,
  es: 'n ñ',
  et: 's š z ž|w õ ä ö ü',
  fi: SWEDISH,
  fil: 'n ñ ng',
  gl: 'n ñ',
  hr: CROATIAN,
  hu: 'c cs|d dz dzs|g gy|l ly|n ny|o ö=ő|s sz|t ty|u ü=ű|z zs',
  is: 'a á|d đ=ð|e é|i í|o ó|u ú|y ý|z þ æ=ä ö=ø å',
  lt: 'c č|i=y|s š|z ž',
  lv: 'a ā|c č|e ē|g ģ|i y ī|k ķ|l ļ|n ņ|r ŗ|s š|u ū|z ž',
  nb: NORWEGIAN,
  nn: NORWEGIAN,
  no: NORWEGIAN,
  pl: 'a ą|c ć|e ę|l ł|n ń|o ó|s ś|z ź ż',
  ro: 'a ă â|i î|s ș=ş|t ț=ţ',
  sk: 'a ä|c č|h ch|o ô|s š|z ž',
  sl: 'c č ć|d đ|s š|z ž',
  sq: 'c ç|d dh|e ë|g gj|l ll|n nj|r rr|s sh|t th|x xh|z zh',
  'sr-Latn': CROATIAN,
  sv: SWEDISH,
  tr: 'c ç|g ğ|h ı|o ö|s ş|u ü',
  uk: 'г ґ|и і ї й ј',
  vi: 'a ă â|d đ|e ê|o ô ơ|u ư',
};
const DOTLESS = ['az', 'tr'];
/** Letters of a script that come first in these languages. */
const FOREMOST = [
  [/\p{Script=Cyrillic}/u, ['be', 'bg', 'kk', 'ky', 'mk', 'mn', 'ru', 'sr', 'uk']],
  [/\p{Script=Greek}/u, ['el']],
];
/** Where capitals come first. */
const UPPER_FIRST = ['da'];

const made = new Map();

/** What compares as a locale does: `[order, option caseFirst]`; the first is undefined for the English order. */
export function orderFor(locale) {
  const name = Object.hasOwn(ORDERS, locale) ? locale : locale.replace(/-.*/, '');
  if (!made.has(name)) made.set(name, orderNamed(name));
  return made.get(name);
}

function orderNamed(name) {
  const dotless = DOTLESS.includes(name);
  const [foremost] = FOREMOST.find(([, languages]) => languages.includes(name)) ?? [];
  const groups = Object.hasOwn(ORDERS, name) ? ORDERS[name] : '';
  const isEnglish = groups === '' && foremost === undefined;
  const order = isEnglish ? undefined : orderOf(groups, { dotless, foremost });
  return [order, UPPER_FIRST.includes(name) ? 'upper' : 'false'];
}
