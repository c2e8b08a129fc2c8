/** How a value becomes the table of format.ts. It may have any depth, and may contain itself. */
import { type Bytes, layOut, type Part, partOf } from './buffers.js';
import {
  type CloneKind,
  ERROR_CLASSES,
  HIDDEN_OF_ERRORS,
  MOST_DIGITS,
  MOST_HOLES,
  RegExps,
} from './format.js';

/** What a value cannot be sent for, and where in it that is. */
export class UnsuitableValue extends Error {
  /** As an expression continues: `.list[2]`; nothing for the value itself. */
  readonly path: string;

  constructor(what: string, path: string) {
    super(what);
    this.path = path;
  }
}

export interface CloneOptions {
  /** Tells what an object is. */
  readonly kindOf: (value: object) => CloneKind | undefined;
  /** What an object of no known kind is called. */
  readonly nameOf: (value: object) => string;
  /** Whether stacks of errors go with them. */
  readonly stacks: boolean;
  /** Leave out what cannot be sent. */
  readonly lenient?: boolean;
  /** Characters of the table, and bytes behind it: with more it is given up. */
  readonly most?: number;
}

/** A table, and the bytes behind it. */
export interface Encoded {
  readonly json: string;
  readonly bytes: readonly Uint8Array[];
}

/** An object, and where it was first seen: in the object before it, under this key. */
interface Place {
  readonly value: object;
  readonly kind: CloneKind;
  readonly parent: number;
  readonly key: Key;
  /** Whether what cannot be sent is left out below it. */
  readonly lenient: boolean;
}

/** A property's name, or the number of a place or a member; `undefined` for what the object is made of. */
type Key = string | number | undefined;

const { apply, getPrototypeOf } = Reflect;
const { keys, hasOwn, getOwnPropertyDescriptor } = Object;
const { isFinite } = Number;
const { stringify } = JSON;
const { Map, Set } = globalThis;
// biome-ignore lint/style/noRestrictedGlobals: whether it is faked does not matter for what its prototype has
const { getTime } = Date.prototype;
const forEachOfMap = Map.prototype.forEach;
const forEachOfSet = Set.prototype.forEach;
const VALUE_OF = {
  number: Number.prototype.valueOf,
  string: String.prototype.valueOf,
  boolean: Boolean.prototype.valueOf,
  bigint: BigInt.prototype.valueOf,
};
const sourceOf = getterOf(RegExp.prototype, 'source');
const flagsOf = getterOf(RegExp.prototype, 'flags');
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const UNREADABLE = Symbol('unreadable');
const MOST_PATH = 20;
const MOST_NAME = 80;
/** That are remembered. */
const MOST_NAMES = 256;

/** @throws UnsuitableValue, and what the value's getters throw */
export function encodeClone(value: unknown, options: CloneOptions): Encoded {
  return new Encoder(options).encode(value);
}

function getterOf(prototype: object, name: string): (this: unknown) => unknown {
  return getOwnPropertyDescriptor(prototype, name)?.get as (this: unknown) => unknown;
}

class Encoder {
  readonly #options: CloneOptions;
  readonly #indices = new Map<object, number>();
  readonly #places: Place[] = [];
  readonly #records: string[] = [];
  readonly #buffers: Bytes[] = [];
  readonly #views: Part[] = [];
  readonly #regexps = new RegExps();
  /** Names of properties as they are written. */
  readonly #names = new Map<string, string>();
  #holes = MOST_HOLES;
  #left: number;

  constructor(options: CloneOptions) {
    this.#options = options;
    this.#left = options.most ?? Number.POSITIVE_INFINITY;
  }

  encode(value: unknown): Encoded {
    const root = this.#cell(value, -1, undefined, this.#options.lenient === true) ?? '["u"]';
    const records = this.#records;
    for (let index = 0; index < this.#places.length; index++)
      records.push(this.#record(this.#places[index] as Place, index));
    const bytes = layOut(this.#buffers, this.#views, (index, record) => {
      const at = index ?? records.length;
      records[at] = record;
      return at + 1;
    });
    for (const part of bytes) this.#spend(part.length);
    return { json: records.length === 0 ? `[${root}]` : `[${root},${records.join(',')}]`, bytes };
  }

  #spend(count: number): void {
    this.#left -= count;
    if (this.#left < 0) throw new UnsuitableValue('too large', '');
  }

  /** Before something is made that has so many characters or more. */
  #needRoom(count: number): void {
    if (count > this.#left) throw new UnsuitableValue('too large', '');
  }

  /** `undefined` for what is left out. */
  #cell(value: unknown, parent: number, key: Key, lenient: boolean): string | undefined {
    let cell: string | undefined;
    switch (typeof value) {
      case 'number':
        cell = numberCell(value);
        break;
      case 'string':
        this.#needRoom(value.length);
        cell = stringify(value);
        break;
      case 'object':
        cell = value === null ? 'null' : this.#reference(value, parent, key, lenient);
        break;
      case 'boolean':
        cell = value ? 'true' : 'false';
        break;
      case 'undefined':
        cell = '["u"]';
        break;
      case 'bigint':
        cell = bigintCell(value);
        if (cell === undefined)
          this.#refuse(`a BigInt of more than ${MOST_DIGITS} hexadecimal digits`, parent, key, lenient);
        break;
      default:
        this.#refuse(`a ${typeof value}`, parent, key, lenient);
    }
    if (cell !== undefined) this.#spend(cell.length);
    return cell;
  }

  #reference(value: object, parent: number, key: Key, lenient: boolean): string | undefined {
    const known = this.#indices.get(value);
    if (known !== undefined) return `[${known}]`;
    const kind = this.#options.kindOf(value);
    const problem = kind === undefined ? this.#options.nameOf(value) : this.#problem(kind, value);
    if (problem !== undefined) return this.#refuse(problem, parent, key, lenient);
    const number = this.#places.push({ value, kind: kind as CloneKind, parent, key, lenient });
    this.#indices.set(value, number);
    return `[${number}]`;
  }

  #problem(kind: CloneKind, value: object): string | undefined {
    if (kind !== 'regexp') return undefined;
    return this.#regexps.problem(String(apply(sourceOf, value, [])), String(apply(flagsOf, value, [])));
  }

  #refuse(what: string, parent: number, key: Key, lenient: boolean): undefined {
    if (lenient) return undefined;
    throw new UnsuitableValue(what, `${this.#pathOf(parent)}${this.#segment(parent, key)}`);
  }

  #pathOf(index: number): string {
    const parts: string[] = [];
    let at = index;
    while (at >= 0 && parts.length < MOST_PATH) {
      const { parent, key } = this.#places[at] as Place;
      parts.push(this.#segment(parent, key));
      at = parent;
    }
    return `${at >= 0 ? '…' : ''}${parts.reverse().join('')}`;
  }

  /** How an expression for the object continues to what it has under a key. */
  #segment(object: number, key: Key): string {
    if (key === undefined) return '';
    if (typeof key === 'string') return keyOf(key);
    switch (this.#places[object]?.kind) {
      case 'map':
        return `<${key % 2 === 0 ? 'key' : 'value'} ${Math.floor(key / 2)}>`;
      case 'set':
        return `<member ${key}>`;
      default:
        return `[${key}]`;
    }
  }

  #record(place: Place, index: number): string {
    const { value, kind } = place;
    switch (kind) {
      case 'array':
        return this.#array(value as readonly unknown[], place, index);
      case 'map':
      case 'set':
        return this.#collection(kind, place, index);
      case 'error':
        return this.#error(value, place, index);
      case 'date': {
        const time = apply(getTime, value, []) as number;
        return `["d",${isFinite(time) ? time : 'null'}]`;
      }
      case 'regexp':
        return `["r",${stringify(apply(sourceOf, value, []))},${stringify(apply(flagsOf, value, []))}]`;
      case 'number':
      case 'string':
      case 'boolean':
      case 'bigint':
        return `["p",${this.#cell(apply(VALUE_OF[kind] as () => unknown, value, []), index, undefined, false)}]`;
      case 'buffer':
        this.#buffers.push({ buffer: value as ArrayBuffer, index });
        return '';
      case 'view':
        this.#views.push(partOf(value as ArrayBufferView, index));
        return '';
      default:
        return `["o"${this.#members(value, keys(value), place, index)}]`;
    }
  }

  #members(value: object, names: readonly string[], { lenient }: Place, index: number): string {
    let text = '';
    for (let at = 0; at < names.length; at++) {
      const name = names[at] as string;
      const cell = this.#cell(read(value, name, lenient), index, name, lenient);
      if (cell === undefined) continue;
      this.#spend(name.length);
      text += `,${this.#written(name)},${cell}`;
    }
    return text;
  }

  /** To write a name takes seven times as long as to find it. */
  #written(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    const written = stringify(name);
    if (this.#names.size < MOST_NAMES) this.#names.set(name, written);
    return written;
  }

  #array(value: readonly unknown[], place: Place, index: number): string {
    const { length } = value;
    this.#needRoom(length);
    const names = keys(value);
    // Places come first, in their order: with any other key the last one is none of them.
    const isDense = names.length === length && (length === 0 || names[length - 1] === String(length - 1));
    if (!isDense) this.#holes -= Math.max(0, length - names.length);
    if (this.#holes < 0)
      throw new UnsuitableValue(`a list with more than ${MOST_HOLES} holes`, this.#pathOf(index));
    if (!isDense) return `["s",${length}${this.#members(value, names, place, index)}]`;
    const { lenient } = place;
    let text = '["a"';
    for (let at = 0; at < length; at++) text += `,${this.#cell(value[at], index, at, lenient) ?? '["u"]'}`;
    return `${text}]`;
  }

  #collection(kind: 'map' | 'set', { value, lenient }: Place, index: number): string {
    let text = kind === 'map' ? '["m"' : '["S"';
    let count = 0;
    const add = (member: unknown): void => {
      text += `,${this.#cell(member, index, count++, lenient) ?? '["u"]'}`;
    };
    // Nothing that a member does can run before all are seen: no getter is called here.
    if (kind === 'set') apply(forEachOfSet, value, [(member: unknown) => add(member)]);
    else
      apply(forEachOfMap, value, [
        (member: unknown, key: unknown) => {
          add(key);
          add(member);
        },
      ]);
    return `${text}]`;
  }

  #error(value: object, { lenient }: Place, index: number): string {
    const name = read(value, 'name', lenient);
    const known = classOf(value, name);
    let text = `["e","${known}"`;
    const add = (key: string, member: unknown, isLenient: boolean): void => {
      const cell = this.#cell(member, index, key, isLenient);
      if (cell !== undefined) text += `,${stringify(key)},${cell}`;
    };
    if (typeof name === 'string' && name !== known) add('name', name, true);
    for (const key of this.#options.stacks ? ['message', 'stack'] : ['message']) {
      const said = read(value, key, lenient);
      if (typeof said === 'string' && said !== '') add(key, said, lenient);
    }
    for (const key of ['cause', 'errors'])
      if (hasOwn(value, key)) add(key, read(value, key, lenient), lenient);
    for (const key of keys(value))
      if (key !== 'name' && !HIDDEN_OF_ERRORS.includes(key)) add(key, read(value, key, true), true);
    return `${text}]`;
  }
}

/** A property. One whose getter throws is none that can be sent, where such are left out. */
function read(value: object, name: string, lenient: boolean): unknown {
  try {
    return (value as Record<string, unknown>)[name];
  } catch (error) {
    if (lenient) return UNREADABLE;
    throw error;
  }
}

function numberCell(value: number): string {
  if (value - value === 0) return value === 0 && 1 / value < 0 ? '["z"]' : `${value}`;
  return value > 0 ? '["I"]' : value < 0 ? '["-I"]' : '["N"]';
}

function bigintCell(value: bigint): string | undefined {
  const digits = value < 0n ? `-${(-value).toString(16)}` : value.toString(16);
  return digits.length <= MOST_DIGITS ? `["n","${digits}"]` : undefined;
}

/** The class that an error says to be of, or else the one that it extends. */
function classOf(error: object, name: unknown): string {
  if (typeof name === 'string' && ERROR_CLASSES.has(name)) return name;
  for (let at = getPrototypeOf(error); at !== null; at = getPrototypeOf(at)) {
    const own: unknown = getOwnPropertyDescriptor(at, 'name')?.value;
    if (typeof own === 'string' && ERROR_CLASSES.has(own)) return own;
  }
  return 'Error';
}

/** A key as it continues an expression. */
function keyOf(name: string): string {
  if (name.length <= MOST_NAME && IDENTIFIER.test(name)) return `.${name}`;
  return `[${stringify(name.length > MOST_NAME ? `${name.slice(0, MOST_NAME)}…` : name)}]`;
}
