/** Reads command lines: what a command declares, and what a user typed, checked against it. */
import { parseArgs } from 'node:util';
import { suggest } from '../base/suggest.js';

/**
 * What a shell offers where a value is typed: words of a list, files, files behind "@" or behind "=", or the functions of
 * the server.
 */
export type Offer = readonly string[] | 'file' | '@file' | '=file' | 'folder' | 'function';

/** One option of a command; the same table parses it and explains it. */
export interface Flag {
  /** What stands for the value in the help; absent for a switch. */
  readonly value?: string;
  readonly short?: string;
  /** One line for the help, with the default. */
  readonly help: string;
  /** What a shell offers for the value. @default nothing */
  readonly offers?: Offer;
}

export type Flags = Readonly<Record<string, Flag>>;

export interface Command<F extends Flags = Flags> {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Names of the arguments that are no options; all are required. */
  readonly positionals: readonly string[];
  /**
   * What the help calls the first argument and all behind it, options included: the command line of another
   * program.
   */
  readonly rest?: string;
  /** What a shell offers for the arguments. @default nothing */
  readonly offers?: Offer;
  readonly flags: F;
  /** The help's text below the options: examples, exit codes. */
  readonly notes?: string;
  /** Whether what it prints with --json is one object a line, an error too. */
  jsonLines?(args: Arguments<F>): boolean;
  /** Runs the command and gives the exit code; failures are thrown. */
  run(args: Arguments<F>): Promise<number>;
}

/** Infers the flags' names, so that a misspelt one does not compile. */
export function defineCommand<const F extends Flags>(command: Command<F>): Command<F> {
  return command;
}

/** The options that every command has. */
export const COMMON_FLAGS = {
  help: { short: 'h', help: 'Show this help' },
  version: { help: 'Show the version' },
} as const satisfies Flags;

/** A mistake in the command line: exit code 2, and a pointer to the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** A parsed command line. */
export class Arguments<F extends Flags = Flags> {
  readonly positionals: readonly string[];
  readonly #values: ReadonlyMap<string, readonly (string | true)[]>;

  constructor(positionals: readonly string[], values: ReadonlyMap<string, readonly (string | true)[]>) {
    this.positionals = positionals;
    this.#values = values;
  }

  /** Whether a switch was given. */
  has(name: keyof F & string): boolean {
    return this.#values.has(name);
  }

  /** The value of an option; the last one if it was given more than once. */
  text(name: keyof F & string): string | undefined {
    return this.texts(name).at(-1);
  }

  /** All values of an option that may be given more than once. */
  texts(name: keyof F & string): readonly string[] {
    return (this.#values.get(name) ?? []).filter((value) => value !== true);
  }

  /** A number that is not negative; ranges are checked by what uses it. @throws UsageError */
  number(name: keyof F & string): number | undefined {
    const text = this.text(name);
    if (text === undefined || /^\d+(\.\d+)?$/.test(text)) return text === undefined ? text : Number(text);
    throw new UsageError(`--${name} is ${JSON.stringify(text)}; it must be a number`);
  }

  /** A whole number in the range. @throws UsageError */
  whole(name: keyof F & string, least: number, most: number): number | undefined {
    const value = this.number(name);
    if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return value;
    throw new UsageError(`--${name} is ${value}; it must be a whole number from ${least} to ${most}`);
  }

  /** Bytes: decimal, 0x…, or with k, m or g (powers of 1024). @throws UsageError */
  size(name: keyof F & string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const size = parseSize(text);
    if (size !== undefined) return size;
    throw new UsageError(
      `--${name} is ${JSON.stringify(text)}; it must be a number of bytes, such as 65536, 0x10000 or 64k`,
    );
  }

  /** An argument by its place; `checkPositionals` has seen to it that it exists. */
  positional(index: number): string {
    return this.positionals[index] ?? '';
  }
}

/** Bytes: decimal, 0x…, or with k, m or g; `undefined` if the text is none of these. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit] = /^(\d+|0x[\da-f]+)(?:([kmg])(?:i?b)?)?$/.exec(text.toLowerCase()) ?? [];
  return digits === undefined ? undefined : Number(digits) * (UNITS[unit ?? ''] ?? 1);
}

/**
 * Parses options and arguments; what is missing or too much is not checked yet.
 * @param phrase What is said of an option that does not exist: `run has no option`
 * @param rest Further arguments, taken as they are.
 * @throws UsageError
 */
export function parseArguments(
  phrase: string,
  flags: Flags,
  argv: readonly string[],
  rest: readonly string[] = [],
): Arguments {
  // Not strict: the errors of parseArgs suggest nothing and explain `--`, which is rarely what was meant.
  const { tokens } = parseArgs({
    args: [...argv],
    options: Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, parseOption(flag)])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const positionals: string[] = [];
  const values = new Map<string, (string | true)[]>();
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const flag = Object.hasOwn(flags, token.name) ? flags[token.name] : undefined;
    if (flag === undefined) throw unknownName(phrase, token.rawName, flagNames(flags));
    const value = flag.value === undefined ? switchValue(token) : textValue(token, flag.value);
    values.set(token.name, [...(values.get(token.name) ?? []), value]);
  }
  return new Arguments([...positionals, ...rest], values);
}

/** Where the first argument stands in `argv`, options before it left out; its length when there is none. */
export function firstArgument(flags: Flags, argv: readonly string[]): number {
  const options = Object.fromEntries(Object.entries(flags).map(([name, flag]) => [name, parseOption(flag)]));
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  return tokens.find(({ kind }) => kind !== 'option')?.index ?? argv.length;
}

/** @throws UsageError when an argument is missing or left over */
export function checkPositionals({ name, positionals: wanted, rest }: Command, args: Arguments): void {
  const missing = wanted[args.positionals.length];
  if (missing !== undefined) throw new UsageError(`${name} needs <${missing}>`);
  if (rest !== undefined) return;
  const extra = args.positionals[wanted.length];
  if (extra === undefined) return;
  const takes = wanted.length === 0 ? 'no argument' : `only <${wanted.join('> <')}>`;
  throw new UsageError(`${name} takes ${takes}, but there is also ${JSON.stringify(extra)}`);
}

/**
 * An error for a name that does not exist, with the closest one that does.
 * @param phrase What is said of it: `run has no option`
 */
export function unknownName(phrase: string, given: string, known: readonly string[]): UsageError {
  return new UsageError(`${phrase} ${JSON.stringify(given)}; ${suggest(given, known)}`);
}

interface OptionToken {
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function parseOption({ value, short }: Flag): { type: 'string' | 'boolean'; short?: string } {
  return { type: value === undefined ? 'boolean' : 'string', ...(short !== undefined && { short }) };
}

function flagNames(flags: Flags): string[] {
  return Object.keys(flags).map((name) => `--${name}`);
}

function switchValue({ rawName, value }: OptionToken): true {
  if (value === undefined) return true;
  throw new UsageError(`${rawName} is a switch and takes no value, but got ${JSON.stringify(value)}`);
}

function textValue({ rawName, value, inlineValue }: OptionToken, placeholder: string): string {
  if (value === undefined) throw new UsageError(`${rawName} needs a value: ${rawName} ${placeholder}`);
  // Far more often a forgotten value than a value that looks like an option.
  if (inlineValue !== true && value.startsWith('--')) {
    throw new UsageError(
      `${rawName} needs a value before ${value}; write ${rawName}=${value} if that is the value`,
    );
  }
  return value;
}
