// Packs what Intl has to know of locales beside English, for functions whose definition asks for it: a file a language,
// dist/guest/js/locales/LANGUAGE.json.br, which src/guests/js/locales.ts reads. Of the data of formatjs.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { runInNewContext } from 'node:vm';
import { brotliCompressSync, constants } from 'node:zlib';

const TARGET = 'dist/guest/js/locales';
/** Those that CLDR covers well. All of the 330 that formatjs has would take some ten times the bytes. */
const LANGUAGES =
  'af am ar as az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu ha he hi hr hu hy id ig is it ja ka ' +
  'kk km kn ko kok ky lo lt lv mk ml mn mr ms my nb ne nl nn no or pa pl ps pt ro ru sd si sk sl so sq sr sv sw ta te ' +
  'th ti tk tr uk ur uz vi yo yue zh zu';
const REGIONS =
  'ar-AE ar-DZ ar-EG ar-LB ar-MA ar-SA bs-Cyrl de-AT de-CH en-001 en-150 en-AU en-CA en-CH en-DE en-GB en-HK en-IE ' +
  'en-IL en-IN en-NL en-NZ en-PH en-SE en-SG en-ZA es-419 es-AR es-CL es-CO es-CR es-EC es-MX es-PE es-US es-UY es-VE ' +
  'fr-BE fr-CA fr-CH fr-LU fr-MA it-CH nl-BE pt-AO pt-PT ro-MD ru-KZ ru-UA sr-Latn sv-FI uz-Cyrl zh-Hans-HK zh-Hans-SG ' +
  'zh-Hant zh-Hant-HK';
/** The parts of Intl that have data, and the packages that it is in. */
const PARTS = {
  date: ['intl-datetimeformat', 'DateTimeFormat'],
  list: ['intl-listformat', 'ListFormat'],
  number: ['intl-numberformat', 'NumberFormat'],
  plural: ['intl-pluralrules', 'PluralRules'],
  relative: ['intl-relativetimeformat', 'RelativeTimeFormat'],
};
/** 9 would take three times as long for a tenth less. */
const QUALITY = 7;
const WINDOW = 24;

export function buildLocales(project) {
  const packages = join(project, 'node_modules/@formatjs');
  const target = join(project, TARGET);
  const stamp = stampOf(packages);
  const stampFile = join(target, 'made-of');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const index = {};
  for (const language of LANGUAGES.split(' ')) {
    const locales = [language, ...REGIONS.split(' ').filter((locale) => locale.startsWith(`${language}-`))];
    const packed = JSON.stringify(packedOf(packages, locales));
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: WINDOW,
      [constants.BROTLI_PARAM_SIZE_HINT]: packed.length,
    };
    writeFileSync(join(target, `${language}.json.br`), brotliCompressSync(packed, { params }));
    index[language] = locales;
  }
  writeFileSync(join(target, 'index.json'), `${JSON.stringify(index)}\n`);
  writeFileSync(stampFile, stamp);
}

/** What the files are made of: this file, and the versions of the packages. */
function stampOf(packages) {
  const versions = Object.values(PARTS).map(([name]) => {
    const { version } = JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'));
    return `${name} ${version}`;
  });
  return [...versions, readFileSync(new URL(import.meta.url), 'utf8')].join('\n');
}

/** By part and locale: the data of the language, and how that of its regions differs. */
function packedOf(packages, locales) {
  const packed = {};
  for (const [part, [name, Class]] of Object.entries(PARTS)) {
    const found = {};
    for (const locale of locales) {
      const path = join(packages, name, 'locale-data', `${locale}.js`);
      if (existsSync(path)) found[locale] = dataIn(path, Class);
    }
    const [base] = locales;
    if (found[base] === undefined) throw new Error(`${name} has no data of ${base}`);
    const entries = Object.entries(found).map(([locale, data]) => [
      locale,
      locale === base ? data : (difference(found[base], data) ?? {}),
    ]);
    packed[part] = Object.fromEntries(entries);
  }
  return packed;
}

/** What a file of data gives to its part of Intl. Functions (of plurals) as their text. */
function dataIn(path, Class) {
  let given;
  const classes = { [Class]: { __addLocaleData: (one) => (given = one) } };
  runInNewContext(readFileSync(path, 'utf8'), { Intl: classes });
  const data = JSON.parse(
    JSON.stringify(given.data, (_, value) => (typeof value === 'function' ? `${value}` : value)),
  );
  return data;
}

/** How an object differs from another one: what is new or changed, and null for what it lacks. */
function difference(base, value) {
  if (!isPlain(base) || !isPlain(value)) return isDeepStrictEqual(base, value) ? undefined : value;
  const changes = {};
  for (const key of Object.keys(base)) if (!(key in value)) changes[key] = null;
  for (const [key, one] of Object.entries(value)) {
    if (one === null) throw new Error('null in data of a locale stands for nothing else than a lack');
    const change = key in base ? difference(base[key], one) : one;
    if (change !== undefined) changes[key] = change;
  }
  return Object.keys(changes).length > 0 ? changes : undefined;
}

function isPlain(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
