/** Stacks of a guest in the lines of the user's own sources. */
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { escapeControls } from '../../base/escape.js';
import type { GuestLog } from '../../wire/protocol.js';
import type { Bundle } from './bundle.js';
import { ENTRY, TEXT } from './names.js';

/** A place in the user's sources. */
export interface Place {
  readonly file: string;
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

const AT = '    at ';
/** A longer line is no frame. */
const MOST_FRAME = 1024;
/** What follows the file: line and column. */
const POSITION = /:(\d{1,10}):(\d{1,10})$/;
const LINE_ENDS = /[\n\r\u2028\u2029]/;
const ANONYMOUS = '<anonymous>';
const MOST_FRAMES = 50;
/** Lines of one call's log that are read as frames. The rest stays as the guest wrote it. */
const MOST_LOGGED_FRAMES = 500;

/**
 * Reads the stacks of one bundle, on the main thread. A guest may forge as many frames as it likes: what a
 * frame costs does not depend on the size of the bundle, which is read once.
 */
export class StackMap {
  readonly #bundle: Bundle;
  /** Parsed when an error needs it. */
  #map: TraceMap | undefined;

  constructor(bundle: Bundle) {
    this.#bundle = bundle;
  }

  /** The frames that the user can do something with, a line each. What the guest wrote may be anything. */
  frames(stack: string): string[] {
    return stack.split('\n', MOST_FRAMES).flatMap((line) => this.#frame(line) ?? []);
  }

  /** The stack of an error that came from a guest: its name, its message and the frames. */
  stackOf({ name, message }: Pick<Error, 'name' | 'message'>, stack = ''): string {
    const head = message === '' ? name : `${name}: ${message}`;
    return escapeControls([head, ...this.frames(stack)].join('\n'));
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
    const [, where = ''] = /^ {4}at ([^\n]{1,1024})$/m.exec(stack) ?? [];
    return this.#placeOf(where);
  }

  #frame(line: string): string | undefined {
    // The engine's own library has neither a file nor "native".
    const [name, where] = partsOf(line) ?? [];
    if (name === undefined || where === undefined) return undefined;
    if (where === 'native') return name === ANONYMOUS ? undefined : `    at ${name} (native)`;
    const place = this.#placeOf(where);
    const shown = this.#isModule(name) ? ANONYMOUS : name;
    return place && `    at ${shown} (${place.file}:${place.line}:${place.column})`;
  }

  /** A CommonJS module is a method with the name of its file. */
  #isModule(name: string): boolean {
    return name === `${TEXT}${this.#bundle.name}` || name.includes('/');
  }

  /** In the user's own sources: a place of the bundle. */
  #placeOf(where: string): Place | undefined {
    const [position, line, column] = POSITION.exec(where) ?? [];
    if (position === undefined || where.slice(0, -position.length) !== this.#bundle.name) return undefined;
    return this.#original(Number(line), Number(column));
  }

  #original(line: number, column: number): Place | undefined {
    if (line < 1 || column < 1) return undefined;
    this.#map ??= new TraceMap(this.#bundle.map);
    const found = originalPositionFor(this.#map, { line, column: column - 1 });
    if (found.source === null || found.source === ENTRY) return undefined;
    const { source } = found;
    const file = source.startsWith(TEXT) ? source.slice(TEXT.length) : source;
    return { file, line: found.line, column: found.column + 1 };
  }
}

/** The name in a frame, and where it is. A regular expression with two open ends takes quadratic time. */
function partsOf(line: string): readonly [name: string, where: string] | undefined {
  if (line.length > MOST_FRAME || !line.startsWith(AT) || !line.endsWith(')')) return undefined;
  const between = line.indexOf(' (', AT.length);
  if (between < 0 || LINE_ENDS.test(line)) return undefined;
  return [line.slice(AT.length, between), line.slice(between + 2, -1)];
}
