/** Stacks of a guest in the lines of the user's own sources. */
import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { GuestLog } from '../../wire/protocol.js';
import type { Bundle } from './bundle.js';
import { ENTRY, TEXT } from './names.js';

/** A place in the user's sources. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

const AT = '    at ';
/** A longer line is no frame. */
const MOST_FRAME = 1024;
const DIGITS = /^\d{1,10}$/;
const LINE_ENDS = /[\n\r\u2028\u2029]/;
const ANONYMOUS = '<anonymous>';
const MOST_FRAMES = 50;
/** Lines of one call's log that are read as frames. The rest stays as the guest wrote it. */
const MOST_LOGGED_FRAMES = 500;
/** What esbuild writes behind a function that it names, `__name(() => ..., "name")`, if it fits a frame. */
const NAMED = /, ("(?:[^"\\\n]|\\.){0,1024}")\)|\n/g;
/** In place of a line: more than one function has the name. */
const AMBIGUOUS = 0;

/**
 * Reads the stacks of one bundle, on the main thread. A guest may forge as many frames as it likes: what a
 * frame costs does not depend on the size of the bundle, which is read once.
 */
export class StackMap {
  readonly #bundle: Bundle;
  /** Parsed when an error needs it. */
  #map: TraceMap | undefined;
  /** By a function's name as a literal: the line it is defined on. */
  #named: ReadonlyMap<string, number> | undefined;

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  /** The frames that the user can do something with, a line each. What the guest wrote may be anything. */
  frames(stack: string): string[] {
    return stack.split('\n', MOST_FRAMES).flatMap((line) => this.#frame(line) ?? []);
  }

  /** Lines of a log: frames of stacks that the guest printed are read, anything else is left alone. */
  logLines(lines: readonly GuestLog[]): readonly GuestLog[] {
    let left = MOST_LOGGED_FRAMES;
    return lines.map((line) => {
      if (!line.text.startsWith(AT) || left === 0) return line;
      left--;
      return { level: line.level, text: this.#frame(line.text) ?? line.text };
    });
  }

  /** Where the engine's parser stopped, if it says so. */
  syntaxError(stack: string): Place | undefined {
    const [, file, line] = /^ {4}at (.*):(\d+)$/m.exec(stack) ?? [];
    return file === this.#bundle.name ? this.#original(Number(line)) : undefined;
  }

  #frame(line: string): string | undefined {
    // The engine's own library has neither a file nor "native".
    const [name, where] = partsOf(line) ?? [];
    if (name === undefined || where === undefined) return undefined;
    if (where === 'native') return name === ANONYMOUS ? undefined : `    at ${name} (native)`;
    // The engine says no line if the function has only one.
    const colon = where.lastIndexOf(':');
    const position = DIGITS.test(where.slice(colon + 1)) ? colon : -1;
    if ((position < 0 ? where : where.slice(0, position)) !== this.#bundle.name) return undefined;
    const generated = position < 0 ? this.#lineOf(name) : Number(where.slice(position + 1));
    const shown = this.#isModule(name) ? ANONYMOUS : name;
    if (generated === undefined) return `    at ${shown} (${this.#bundle.name})`;
    const place = this.#original(generated);
    return place && `    at ${shown} (${place.file}:${place.line})`;
  }

  /** The line of a function that was defined on one line, and nowhere else by that name. */
  #lineOf(name: string): number | undefined {
    this.#named ??= linesOfNames(this.#bundle.code);
    return this.#named.get(JSON.stringify(name)) || undefined;
  }

  /** A CommonJS module is a method with the name of its file. */
  #isModule(name: string): boolean {
    return name === `${TEXT}${this.#bundle.name}` || name.includes('/');
  }

  /** The engine knows lines only: the first place of the user's on that line. */
  #original(line: number): Place | undefined {
    if (!(line >= 1)) return undefined;
    this.#map ??= new TraceMap(this.#bundle.map);
    const { source, line: original } = originalPositionFor(this.#map, {
      line,
      column: 0,
      bias: LEAST_UPPER_BOUND,
    });
    if (source === null || original === null || source === ENTRY) return undefined;
    return { file: source.startsWith(TEXT) ? source.slice(TEXT.length) : source, line: original };
  }
}

/** The name in a frame, and where it is. A regular expression with two open ends takes quadratic time. */
function partsOf(line: string): readonly [name: string, where: string] | undefined {
  if (line.length > MOST_FRAME || !line.startsWith(AT) || !line.endsWith(')')) return undefined;
  const between = line.indexOf(' (', AT.length);
  if (between < 0 || LINE_ENDS.test(line)) return undefined;
  return [line.slice(AT.length, between), line.slice(between + 2, -1)];
}

/** Where functions are defined, in one pass: each try of the pattern ends where the next can begin. */
function linesOfNames(code: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let line = 1;
  for (const [, name] of code.matchAll(NAMED)) {
    if (name === undefined) line++;
    else lines.set(name, lines.has(name) ? AMBIGUOUS : line);
  }
  return lines;
}
