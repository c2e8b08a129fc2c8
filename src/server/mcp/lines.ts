/** The lines that guests print, for the answers of their calls. */

import type { Logger } from '../../engine/logger.js';

/** What is kept of one call: some of it is cut off later. */
const MOST_CHARACTERS = 1_000_000;

/** A logger that keeps lines. */
export class Lines implements Logger {
  readonly #texts: string[] = [];
  #characters = 0;

  get texts(): readonly string[] {
    return this.#texts;
  }

  error(_fields: object, text: string): void {
    this.#add(`[error] ${text}`);
  }

  warn(_fields: object, text: string): void {
    this.#add(`[warn] ${text}`);
  }

  info(_fields: object, text: string): void {
    this.#add(text);
  }

  debug(_fields: object, text: string): void {
    this.#add(`[debug] ${text}`);
  }

  trace(_fields: object, text: string): void {
    this.#add(`[trace] ${text}`);
  }

  /** Adds all lines of another. */
  copy({ texts }: Lines): void {
    for (const text of texts) this.#add(text);
  }

  #add(text: string): void {
    if (this.#characters > MOST_CHARACTERS) return;
    this.#characters += text.length;
    this.#texts.push(text.replace(/\n$/, ''));
  }
}

/** The logger of an engine: hands the lines of a definition to whoever waits for it. */
export class LinesByFunction implements Logger {
  readonly #followed = new Map<string, Lines>();

  follow(name: string, lines: Lines): void {
    this.#followed.set(name, lines);
  }

  leave(name: string): void {
    this.#followed.delete(name);
  }

  error(fields: object, text: string): void {
    this.#of(fields)?.error(fields, text);
  }

  warn(fields: object, text: string): void {
    this.#of(fields)?.warn(fields, text);
  }

  info(fields: object, text: string): void {
    this.#of(fields)?.info(fields, text);
  }

  debug(fields: object, text: string): void {
    this.#of(fields)?.debug(fields, text);
  }

  trace(fields: object, text: string): void {
    this.#of(fields)?.trace(fields, text);
  }

  #of(fields: object): Lines | undefined {
    const { function: name } = fields as { readonly function?: string };
    return name === undefined ? undefined : this.#followed.get(name);
  }
}

/** A logger that hands each line to two. */
export class BothLoggers implements Logger {
  readonly #one: Logger;
  readonly #other: Logger;

  constructor(one: Logger, other: Logger) {
    this.#one = one;
    this.#other = other;
  }

  error(fields: object, text: string): void {
    this.#one.error(fields, text);
    this.#other.error(fields, text);
  }

  warn(fields: object, text: string): void {
    this.#one.warn(fields, text);
    this.#other.warn(fields, text);
  }

  info(fields: object, text: string): void {
    this.#one.info(fields, text);
    this.#other.info(fields, text);
  }

  debug(fields: object, text: string): void {
    this.#one.debug(fields, text);
    this.#other.debug(fields, text);
  }

  trace(fields: object, text: string): void {
    this.#one.trace(fields, text);
    this.#other.trace(fields, text);
  }
}
