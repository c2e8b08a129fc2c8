/** Values of JavaScript functions as JSON: what it has no text for is shown by an object or a text that says it. */
import { types } from 'node:util';

/** Deeper values would need more stack than there is. */
const MOST_DEPTH = 500;

/**
 * What JSON.stringify takes, whatever the value is. What is in it twice is shown once, then `{ "same": "$.where" }`:
 * it may contain itself, and short values may stand for very long texts.
 */
export function printable(value: unknown): unknown {
  return new Printer().print(value, '$', 0) ?? null;
}

class Printer {
  readonly #places = new Map<object, string>();

  print(value: unknown, place: string, depth: number): unknown {
    if (typeof value === 'bigint') return String(value);
    if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
    if (typeof value !== 'object' || value === null) return value;
    const before = this.#places.get(value);
    if (before !== undefined) return { same: before };
    if (depth === MOST_DEPTH) return { deeper: place };
    this.#places.set(value, place);
    return this.#printObject(value, place, depth + 1);
  }

  #printObject(value: object, place: string, depth: number): unknown {
    if (Array.isArray(value)) return this.#list(value, place, depth);
    if (types.isDate(value)) return Number.isNaN(value.getTime()) ? null : value.toISOString();
    if (types.isRegExp(value)) return String(value);
    if (types.isBoxedPrimitive(value)) return this.print(value.valueOf(), place, depth);
    if (types.isArrayBuffer(value)) return { base64: Buffer.from(value).toString('base64') };
    if (types.isUint8Array(value)) return { base64: Buffer.from(value).toString('base64') };
    if (ArrayBuffer.isView(value)) return { [tagOf(value)]: this.#list(numbersIn(value), place, depth) };
    if (types.isMap(value)) return { map: this.#list([...value], place, depth) };
    if (types.isSet(value)) return { set: this.#list([...value], place, depth) };
    if (!types.isNativeError(value)) return this.#fields(value, Object.keys(value), place, depth);
    const said = ['name', 'message', 'cause', 'errors'].filter((name) => name in value);
    return this.#fields(value, [...new Set([...said, ...Object.keys(value)])], place, depth);
  }

  #list(list: readonly unknown[], place: string, depth: number): unknown[] {
    return Array.from(list, (part, at) => this.print(part, `${place}[${at}]`, depth) ?? null);
  }

  #fields(value: object, names: readonly string[], place: string, depth: number): unknown {
    const fields = names.map((name) => [
      name,
      this.print((value as Record<string, unknown>)[name], `${place}.${name}`, depth),
    ]);
    return Object.fromEntries(fields);
  }
}

function tagOf(view: ArrayBufferView): string {
  return Object.prototype.toString.call(view).slice('[object '.length, -1);
}

function numbersIn(view: ArrayBufferView): readonly unknown[] {
  if (types.isDataView(view)) return [...new Uint8Array(view.buffer, view.byteOffset, view.byteLength)];
  return [...(view as Uint8Array | BigInt64Array)];
}
