// Blob, File and FormData.
import { tag } from '../shared/define.js';
import { ReadableStream } from './streams.js';

const CHUNK = 65_536;
const encoder = new TextEncoder();

function bytesOf(part) {
  if (part instanceof Blob) return part.bytesNow();
  if (part instanceof ArrayBuffer) return new Uint8Array(part.slice(0));
  if (ArrayBuffer.isView(part))
    return new Uint8Array(part.buffer.slice(part.byteOffset, part.byteOffset + part.byteLength));
  return encoder.encode(`${part}`.toWellFormed());
}

export function joined(parts) {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function placeIn(size, value, otherwise) {
  const at = Math.trunc(Number(value ?? otherwise)) || 0;
  return at < 0 ? Math.max(size + at, 0) : Math.min(at, size);
}

function typeOf(type) {
  const text = `${type ?? ''}`;
  return /^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : '';
}

class Blob {
  #bytes;
  #type;

  constructor(parts = [], options = {}) {
    if (parts === null || typeof parts !== 'object' || typeof parts[Symbol.iterator] !== 'function')
      throw new TypeError('The "sources" argument must be an instance of a sequence');
    this.#bytes = joined(Array.from(parts, bytesOf));
    this.#type = typeOf(options?.type);
  }

  get size() {
    return this.#bytes.length;
  }

  get type() {
    return this.#type;
  }

  slice(start, end, type) {
    const { size } = this;
    const part = new Blob([], { type });
    part.#bytes = this.#bytes.subarray(placeIn(size, start, 0), placeIn(size, end, size));
    return part;
  }

  /** For the platform: what it holds, not copied. */
  bytesNow() {
    return this.#bytes;
  }

  async bytes() {
    return this.#bytes.slice();
  }

  async arrayBuffer() {
    return this.#bytes.slice().buffer;
  }

  async text() {
    return new TextDecoder().decode(this.#bytes);
  }

  stream() {
    const bytes = this.#bytes;
    let at = 0;
    return new ReadableStream({
      type: 'bytes',
      pull(controller) {
        if (at < bytes.length) controller.enqueue(bytes.slice(at, at + CHUNK));
        at += CHUNK;
        if (at >= bytes.length) controller.close();
      },
    });
  }
}
Object.defineProperty(Blob.prototype, 'bytesNow', { enumerable: false });

class File extends Blob {
  #name;
  #lastModified;

  constructor(...values) {
    if (values.length < 2) throw new TypeError('The "fileName" argument must be specified');
    const [parts, name, options = {}] = values;
    super(parts, options);
    this.#name = `${name}`;
    this.#lastModified = Math.trunc(Number(options.lastModified ?? Date.now())) || 0;
  }

  get name() {
    return this.#name;
  }

  get lastModified() {
    return this.#lastModified;
  }

  get webkitRelativePath() {
    return '';
  }
}

function entryOf(value, filename) {
  if (!(value instanceof Blob)) return `${value}`.toWellFormed();
  if (value instanceof File && filename === undefined) return value;
  return new File([value], filename ?? 'blob', { type: value.type, lastModified: value.lastModified });
}

function twoOf(given) {
  if (given.length >= 2) return given;
  throw new TypeError(`FormData: 2 arguments are required, but only ${given.length} present`);
}

class FormData {
  #entries = [];

  constructor(form) {
    if (form !== undefined) throw new TypeError('FormData: there are no forms in a guest');
  }

  append(...given) {
    const [name, value, filename] = twoOf(given);
    this.#entries.push([`${name}`, entryOf(value, filename)]);
  }

  set(...given) {
    const [name, value, filename] = twoOf(given);
    const entry = [`${name}`, entryOf(value, filename)];
    const at = this.#entries.findIndex(([key]) => key === entry[0]);
    if (at < 0) this.#entries.push(entry);
    else
      this.#entries = [
        ...this.#entries.slice(0, at),
        entry,
        ...this.#entries.slice(at + 1).filter(([key]) => key !== entry[0]),
      ];
  }

  delete(name) {
    this.#entries = this.#entries.filter(([key]) => key !== `${name}`);
  }

  get(name) {
    return this.#entries.find(([key]) => key === `${name}`)?.[1] ?? null;
  }

  getAll(name) {
    return this.#entries.filter(([key]) => key === `${name}`).map(([, value]) => value);
  }

  has(name) {
    return this.#entries.some(([key]) => key === `${name}`);
  }

  forEach(run, self) {
    for (const [name, value] of this) run.call(self, value, name, this);
  }

  *entries() {
    yield* this.#entries;
  }

  *keys() {
    for (const [name] of this.#entries) yield name;
  }

  *values() {
    for (const [, value] of this.#entries) yield value;
  }

  [Symbol.iterator]() {
    return this.entries();
  }
}
tag(Blob, 'Blob');
tag(File, 'File');
tag(FormData, 'FormData');

export { Blob, File, FormData };
export default { Blob, File, FormData };
