/** The locales that a definition asks for: which there are, and their data as modules of a bundle. */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { invalidOption } from '../../base/checks.js';
import { SnapvmError } from '../../base/errors.js';
import { distPath } from '../../base/package-files.js';

/** A part of Intl that has data of locales. */
type Part = 'collator' | 'date' | 'list' | 'number' | 'plural' | 'relative';
/** JSON of a part: by a locale its data, or how that differs from its language's. */
type Packed = Readonly<Partial<Record<Part, Readonly<Record<string, unknown>>>>>;

const ROOT = 'guest/js/locales';
const ENGLISH = 'en';
/** The class of Intl that a part's data is given to. */
const CLASSES: Readonly<Record<Part, string>> = {
  collator: 'Collator',
  date: 'DateTimeFormat',
  list: 'ListFormat',
  number: 'NumberFormat',
  plural: 'PluralRules',
  relative: 'RelativeTimeFormat',
};
/** What installs a class, and the parts that it reads. */
const READS: ReadonlyMap<string, readonly Part[]> = new Map([
  ['intl-collator', ['collator']],
  ['intl-date', ['number', 'plural', 'date']],
  ['intl-list', ['list']],
  ['intl-number', ['number', 'plural']],
  ['intl-plural', ['plural']],
  ['intl-relative', ['number', 'plural', 'relative']],
]);
const PATH = /^\/locales\/([a-z]+)\/([\w-]+)\.js$/;

/**
 * The names that the platform has for locales that are asked for, without those that need no data.
 * @throws SnapvmError `SNAPVM_CONFIG_VALUE` for one that there is none of
 */
export async function findLocales(asked: readonly string[]): Promise<readonly string[]> {
  if (asked.length === 0) return [];
  const index = JSON.parse((await read('index.json')).toString()) as Readonly<
    Record<string, readonly string[]>
  >;
  const known = new Set(Object.values(index).flat());
  const found = asked.map((name, at) => {
    const locale = namesOf(name).find((one) => known.has(one));
    if (locale !== undefined) return locale;
    throw invalidOption(`js.locales[${at}]`, name, `one of ${[...known].sort().join(', ')}`);
  });
  return [...new Set(found)].filter((locale) => locale !== ENGLISH);
}

/** What a locale may be called, the closest first: `zh-TW` is `zh-Hant`, and `de-DE` is `de`. */
function namesOf(name: string): readonly string[] {
  try {
    const { baseName, language } = new Intl.Locale(name);
    const { script, region } = new Intl.Locale(baseName).maximize();
    const isUsual = new Intl.Locale(language).maximize().script === script;
    const names = [baseName, `${language}-${script}-${region}`, `${language}-${script}`];
    return isUsual ? [...names, `${language}-${region}`, language] : names;
  } catch {
    return []; // no name of a locale
  }
}

/** The modules that give locales to what installs parts of Intl. */
export function localeModules(locales: readonly string[], installed: readonly string[]): readonly string[] {
  const parts = new Set(installed.flatMap((name) => READS.get(name) ?? []));
  return locales.flatMap((locale) => [...parts].map((part) => `/locales/${part}/${locale}.js`));
}

/** Reads data of locales; it keeps what it has read. */
export class LocaleData {
  readonly #packed = new Map<string, Promise<Packed>>();

  /** The text of a module that `localeModules` names; `undefined` for another path. */
  async moduleAt(path: string): Promise<string | undefined> {
    const [, part, locale] = PATH.exec(path) ?? [];
    if (locale === undefined || !isPart(part)) return undefined;
    const [owner, data] = part === 'collator' ? [locale, '{}'] : await this.#dataOf(part, locale);
    return `Intl.${CLASSES[part]}.__addLocaleData({ locale: '${owner}', data: ${data} });`;
  }

  /** The locale that has the data, which may be one further up (plurals of `de-AT` are those of `de`), and an expression. */
  async #dataOf(part: Part, locale: string): Promise<readonly [owner: string, data: string]> {
    const [language = locale] = locale.split('-');
    const all = (await this.#read(language))[part] ?? {};
    let owner = locale;
    while (!(owner in all)) owner = owner.slice(0, owner.lastIndexOf('-'));
    const base = all[language];
    const data = owner === language ? base : merged(base, all[owner]);
    if (part !== 'plural') return [owner, `JSON.parse(${JSON.stringify(JSON.stringify(data))})`];
    const { fn, ...rest } = data as { readonly fn: string };
    return [owner, `{ ...${JSON.stringify(rest)}, fn: ${fn} }`];
  }

  #read(language: string): Promise<Packed> {
    const known = this.#packed.get(language) ?? readPacked(language);
    this.#packed.set(language, known);
    return known;
  }
}

function isPart(name: string | undefined): name is Part {
  return name !== undefined && Object.hasOwn(CLASSES, name);
}

async function readPacked(language: string): Promise<Packed> {
  const text = await promisify(brotliDecompress)(await read(`${language}.json.br`));
  return JSON.parse(text.toString()) as Packed;
}

/** What build-locales.mjs made a difference of. */
function merged(base: unknown, difference: unknown): unknown {
  if (!isPlain(base) || !isPlain(difference)) return difference;
  const whole = { ...base };
  for (const [key, change] of Object.entries(difference)) {
    if (change === null) delete whole[key];
    else whole[key] = Object.hasOwn(base, key) ? merged(base[key], change) : change;
  }
  return whole;
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function read(name: string): Promise<Buffer> {
  const path = distPath(`${ROOT}/${name}`);
  try {
    return await readFile(path);
  } catch (cause) {
    throw new SnapvmError(
      'SNAPVM_INTERNAL',
      `the data of locales in ${path} cannot be read; build it with "npm run build"`,
      { path },
      { cause },
    );
  }
}
