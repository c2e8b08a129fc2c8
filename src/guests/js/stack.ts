/** Stacks of a guest in the lines of the user's own sources. */
import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';

/** A place in the user's sources. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

const FRAME = /^ {4}at (.*?) \((.*)\)$/;
const POSITION = /^(.*):(\d+)$/;
const MOST_FRAMES = 50;

/** Maps the lines of one bundle. The map is parsed when an error needs it. */
export class StackMap {
  readonly #name: string;
  readonly #json: string;
  #map: TraceMap | undefined;

  /** @param name what the guest calls the script */
  constructor(name: string, json: string) {
    this.#name = name;
    this.#json = json;
  }

  /** The frames that the user can do something with, a line each. What the guest wrote may be anything. */
  frames(stack: string): string[] {
    return stack.split('\n', MOST_FRAMES).flatMap((line) => this.#frame(line) ?? []);
  }

  /** Where the engine's parser stopped, if it says so. */
  syntaxError(stack: string): Place | undefined {
    const [, file, line] = /^ {4}at (.*):(\d+)$/m.exec(stack) ?? [];
    return file === this.#name ? this.#original(Number(line)) : undefined;
  }

  #frame(line: string): string | undefined {
    // The engine's own library has neither a file nor "native".
    const [, name, where] = FRAME.exec(line) ?? [];
    if (name === undefined || where === undefined) return undefined;
    if (where === 'native') return `    at ${name} (native)`;
    const [, file, number] = POSITION.exec(where) ?? [];
    if (file !== this.#name) return undefined;
    const place = this.#original(Number(number));
    return place && `    at ${name} (${place.file}:${place.line})`;
  }

  /** The engine knows lines only: the first place of the user's on that line. */
  #original(line: number): Place | undefined {
    if (!(line >= 1)) return undefined;
    this.#map ??= new TraceMap(this.#json);
    const { source, line: original } = originalPositionFor(this.#map, {
      line,
      column: 0,
      bias: LEAST_UPPER_BOUND,
    });
    if (source === null || original === null) return undefined;
    return { file: source.replace(/^text:/, ''), line: original };
  }
}
