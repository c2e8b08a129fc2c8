/** What a JavaScript function is given as, checked. */

import { fileURLToPath } from 'node:url';
import { checkBoolean, checkNames, checkObject, invalidOption } from '../../base/checks.js';
import { SnapvmError } from '../../base/errors.js';
import { isUrl, messageOf } from '../../base/realms.js';
import { absolutePath } from '../../base/working-directory.js';

/** The text of a module, a file, or a text with its language. */
export type JsSource =
  | string
  | {
      /**
       * A JavaScript or TypeScript file: a path or a `file:` URL. What it imports is looked for from its
       * folder.
       */
      readonly file: string | URL;
      /**
       * What `Intl` knows beside English, as `['de', 'pt-BR']`. A module that uses no `Intl`, `localeCompare` or
       * `toLocaleString` with a locale pays nothing for it. @default []
       */
      readonly locales?: readonly string[];
    }
  | {
      /** The text of a module. It imports packages only, which are looked for from the working directory. */
      readonly source: string;
      /** The language of the text. @default 'js' */
      readonly language?: 'js' | 'ts';
      /**
       * Whether it may import packages. `false` is for texts of strangers: they read no file of this machine, and what
       * they import is in the text, but for modules of Node. @default true
       */
      readonly packages?: boolean;
      /** What `Intl` knows beside English, as for a file. @default [] */
      readonly locales?: readonly string[];
    };

/** The source of a JavaScript function, complete. */
export type CheckedJsSource = (
  | { readonly kind: 'file'; readonly path: string }
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly language: 'js' | 'ts';
      readonly packages: boolean;
    }
) & {
  /** As they were given. */
  readonly locales: readonly string[];
};

const KINDS = "the text of a module, { file: 'path' } or { source: 'text', language: 'ts' }";

/**
 * Checks the source of a JavaScript function.
 * @throws SnapvmError `SNAPVM_CONFIG_VALUE`, `SNAPVM_CONFIG_UNKNOWN`, `SNAPVM_JS_BUNDLE`
 */
export function checkJsSource(given: unknown): CheckedJsSource {
  if (typeof given === 'string')
    return { kind: 'text', text: given, language: 'js', packages: true, locales: [] };
  if (typeof given !== 'object' || given === null) throw invalidOption('js', given, KINDS);
  const source = checkObject('js', given);
  checkNames('js', source, ['file', 'source', 'language', 'packages', 'locales']);
  const { file, source: text, language } = source;
  const locales = checkLocales(source['locales']);
  const packages = checkBoolean('js.packages', source['packages']);
  if ((file === undefined) === (text === undefined)) throw invalidOption('js', given, `one of ${KINDS}`);
  if (file !== undefined) {
    if (language !== undefined)
      throw invalidOption('js.language', language, 'left out: the name of a file says it');
    if (packages !== undefined)
      throw invalidOption('js.packages', packages, 'left out: a file imports what is around it');
    return { kind: 'file', path: checkFile(file), locales };
  }
  if (typeof text !== 'string') throw invalidOption('js.source', text, 'the text of a module');
  if (language !== undefined && language !== 'js' && language !== 'ts')
    throw invalidOption('js.language', language, "'js' or 'ts'");
  return { kind: 'text', text, language: language ?? 'js', packages: packages ?? true, locales };
}

/** Their number is bounded by what there is of them. */
function checkLocales(given: unknown): readonly string[] {
  if (given === undefined) return [];
  if (!Array.isArray(given))
    throw invalidOption('js.locales', given, "a list of names of locales, such as ['de', 'pt-BR']");
  return Array.from(given as unknown[], (name, at) => {
    if (typeof name === 'string') return name;
    throw invalidOption(`js.locales[${at}]`, name, "the name of a locale, such as 'de' or 'pt-BR'");
  });
}

function checkFile(file: unknown): string {
  if (typeof file === 'string' && file !== '' && !file.includes('\0')) return absoluteFile(file);
  if (isUrl(file) && file.protocol === 'file:') return fileURLToPath(file.href);
  throw invalidOption('js.file', isUrl(file) ? file.href : file, 'a path or a file: URL');
}

function absoluteFile(file: string): string {
  try {
    return absolutePath(file);
  } catch (cause) {
    const message = `the module ${JSON.stringify(file)} cannot be read: ${messageOf(cause)}`;
    throw new SnapvmError('SNAPVM_JS_BUNDLE', message, { file }, { cause });
  }
}
