/**
 * `import defer` and `import.source()`, which neither esbuild bundles nor the engine knows. esbuild's errors say
 * where they are; there they become what both know: a deferred module is required when its namespace is first
 * looked at, and no module has a source.
 */

import { readFile } from 'node:fs/promises';
import { extname, isAbsolute, join } from 'node:path';
import type { Loader, Location, Message, OnLoadResult, PluginBuild } from 'esbuild';
import { messagesOf } from './bundle-errors.js';
import { TEXT } from './names.js';

/** How a module imports what makes a namespace that is deferred. */
export const DEFERRED_MODULE = 'snapvm:deferred';

const PHASE = /^Bundling with (?:deferred|source phase) imports/;
/** No matter whether there is such a module. */
const SOURCE_OF_NONE = /^Could not resolve/;
const SOURCE_CALL = /\bimport\s*\.\s*source\b/;
/** What stands before the name of the module. */
const CALL = /(\bnew\s+)?\bimport\s*\.\s*(defer|source)\s*\(\s*$/;
const STATEMENT = /\bimport\s+defer\s*\*\s*as\s+([\p{ID_Start}$_][\p{ID_Continue}$]*)\s+from\s*$/u;
const MOST_BEFORE = 200;
const NAME = /(["'])[^"'\\\r\n]*\1/y;
const END_OF_CALL = /\s*(?:,\s*)?\)/y;
const LINE_END = /\r\n|[\n\r\u2028\u2029]/g;
/** Whoever has more of them in one file, in a longer one or in longer lines, is told what esbuild says. */
const MOST_PLACES = 1000;
const MOST_LINE = 10_000;
const MOST_TEXT = 2 ** 20;
const LOADERS: Readonly<Record<string, Loader>> = { '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx' };

interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The imports with a phase that one bundle has. */
export class ImportPhases {
  /** The user's module as esbuild shall get it, if that is a text and was changed. */
  text: string | undefined;
  readonly #files = new Map<string, OnLoadResult>();

  /** Whether esbuild's error is about imports that are changed now, and it may try again. */
  async note(cause: unknown, text: string | undefined, cwd: string): Promise<boolean> {
    const places = groupByFile(placesIn(cause));
    let isNew = false;
    for (const [shown, locations] of places) {
      if (locations.length > MOST_PLACES) continue;
      if (shown.startsWith(TEXT)) isNew = this.#noteText(text, locations) || isNew;
      // A text may import packages, whose files it gets as they are.
      else if (text === undefined)
        isNew = (await this.#noteFile(isAbsolute(shown) ? shown : join(cwd, shown), locations)) || isNew;
    }
    return isNew;
  }

  #noteText(text: string | undefined, locations: readonly Location[]): boolean {
    if (text === undefined || this.text !== undefined) return false;
    this.text = withoutPhases(text, locations);
    return this.text !== undefined;
  }

  async #noteFile(path: string, locations: readonly Location[]): Promise<boolean> {
    if (this.#files.has(path)) return false;
    const contents = withoutPhases(await readFile(path, 'utf8'), locations);
    if (contents === undefined) return false;
    this.#files.set(path, { contents, loader: LOADERS[extname(path)] ?? 'jsx' });
    return true;
  }

  get areThere(): boolean {
    return this.text !== undefined || this.#files.size > 0;
  }

  /** Gives esbuild the files that were changed. */
  provide(build: PluginBuild): void {
    if (this.#files.size === 0) return;
    build.onLoad({ filter: /./, namespace: 'file' }, ({ path }) => this.#files.get(path));
  }
}

/** A deferred module that cannot be evaluated at once, as its own import would: by its name in the bundle. */
export function deferredWithAwait(code: string): string | undefined {
  const waiting = new Map(
    [...code.matchAll(/\bvar (init_[\w$]+) = __esm\(\{\s+async ("[^"]*"|[\w$]+)\(/g)].map(
      ([, init = '', name]) => [init, name],
    ),
  );
  for (const [, init = ''] of code.matchAll(/\.default\(\(\) => \((init_[\w$]+)\(\), __toCommonJS\(/g))
    if (waiting.has(init)) return waiting.get(init);
  return undefined;
}

function placesIn(cause: unknown): readonly Location[] {
  return messagesOf(cause)
    .filter(isAboutPhase)
    .flatMap(({ location }) => location ?? []);
}

function isAboutPhase({ text, location }: Message): boolean {
  if (PHASE.test(text)) return true;
  if (location === null || !SOURCE_OF_NONE.test(text)) return false;
  // There may be as many messages as imports, and all of them in one line.
  const { lineText, column } = location;
  return SOURCE_CALL.test(lineText.slice(Math.max(0, column - MOST_BEFORE), column));
}

function groupByFile(locations: readonly Location[]): Map<string, Location[]> {
  const groups = new Map<string, Location[]>();
  for (const location of locations) {
    const group = groups.get(location.file);
    if (group === undefined) groups.set(location.file, [location]);
    else group.push(location);
  }
  return groups;
}

/** The text without the phases of its imports at these places; `undefined` if it has none that can be taken out. */
function withoutPhases(text: string, locations: readonly Location[]): string | undefined {
  if (text.length > MOST_TEXT) return undefined;
  const starts = [0];
  for (const { index, 0: end } of text.matchAll(LINE_END)) starts.push(index + end.length);
  const edits = locations
    .flatMap(
      ({ line, column }) => editAt(text, starts[line - 1] ?? 0, starts[line] ?? text.length, column) ?? [],
    )
    .sort((one, other) => one.from - other.from);
  if (edits.length === 0) return undefined;
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    const lines = text.slice(edit.from, edit.to).replaceAll(/[^\n]/g, '');
    parts.push(text.slice(at, edit.from), edit.text, lines);
    at = edit.to;
  }
  return [...parts, text.slice(at)].join('');
}

/** What becomes of an import whose module's name stands at a column, which is counted in bytes of UTF-8. */
function editAt(text: string, start: number, end: number, column: number): Edit | undefined {
  if (end - start > MOST_LINE) return undefined;
  const at = start + Buffer.from(text.slice(start, end)).subarray(0, column).toString().length;
  NAME.lastIndex = at;
  const [name] = NAME.exec(text) ?? [];
  if (name === undefined) return undefined;
  const before = text.slice(Math.max(0, at - MOST_BEFORE), at);
  const deferred = `require('${DEFERRED_MODULE}').default(() => require(${name}))`;
  const statement = STATEMENT.exec(before);
  if (statement !== null) {
    const from = at - statement[0].length;
    return { from, to: at + name.length, text: `const ${statement[1]} = ${deferred};` };
  }
  const call = CALL.exec(before);
  END_OF_CALL.lastIndex = at + name.length;
  // `new import.defer()` is none, and stays an error.
  if (call === null || call[1] !== undefined || !END_OF_CALL.test(text)) return undefined;
  return {
    from: at - call[0].length,
    to: END_OF_CALL.lastIndex,
    text:
      call[2] === 'defer'
        ? `(async () => ${deferred})()`
        : `Promise.reject(new SyntaxError('a module in a guest has no source: ' + ${name}))`,
  };
}
