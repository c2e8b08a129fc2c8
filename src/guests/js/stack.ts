/** Stacks of a guest in the lines of the user's own sources. */
import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import type { Bundle } from './bundle.js';
import { ENTRY, TEXT } from './names.js';

/** A place in the user's sources. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

const FRAME = /^ {4}at (.*?) \((.*)\)$/;
const POSITION = /^(.*):(\d+)$/;
const ANONYMOUS = '<anonymous>';
const MOST_FRAMES = 50;

/** Reads the stacks of one bundle. */
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

  /** A line of the log: a frame of a stack that the guest printed is read, anything else is left alone. */
  logLine(text: string): string {
    return this.#frame(text) ?? text;
  }

  /** Where the engine's parser stopped, if it says so. */
  syntaxError(stack: string): Place | undefined {
    const [, file, line] = /^ {4}at (.*):(\d+)$/m.exec(stack) ?? [];
    return file === this.#bundle.name ? this.#original(Number(line)) : undefined;
  }

  #frame(line: string): string | undefined {
    // The engine's own library has neither a file nor "native".
    const [, name, where] = FRAME.exec(line) ?? [];
    if (name === undefined || where === undefined) return undefined;
    if (where === 'native') return name === ANONYMOUS ? undefined : `    at ${name} (native)`;
    // The engine says no line if the function has only one.
    const position = POSITION.exec(where);
    if ((position?.[1] ?? where) !== this.#bundle.name) return undefined;
    const generated = position === null ? this.#lineOf(name) : Number(position[2]);
    const shown = this.#isModule(name) ? ANONYMOUS : name;
    if (generated === undefined) return `    at ${shown} (${this.#bundle.name})`;
    const place = this.#original(generated);
    return place && `    at ${shown} (${place.file}:${place.line})`;
  }

  /** The line of a function that was defined on one line, and nowhere else by that name. */
  #lineOf(name: string): number | undefined {
    const { code } = this.#bundle;
    const named = `, ${JSON.stringify(name)})`; // esbuild's __name(() => ..., "name")
    const at = code.indexOf(named);
    if (at < 0 || code.includes(named, at + 1)) return undefined;
    return code.slice(0, at).split('\n').length;
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
