// What requests and responses have inside.
import { Blob, FormData, joined } from './blob.js';
import { multipart, parseMultipart } from './multipart.js';
import { ReadableStream } from './streams.js';

const encoder = new TextEncoder();

/** `[stream, its type]` of what a body may be given as. */
function streamOf(source) {
  if (source instanceof ReadableStream) return [source, undefined];
  const [bytes, type] = bytesOf(source);
  const stream = new ReadableStream({
    type: 'bytes',
    pull(controller) {
      if (bytes.length > 0) controller.enqueue(bytes.slice());
      controller.close();
    },
  });
  return [stream, type];
}

function bytesOf(source) {
  if (source instanceof Blob) return [source.bytesNow(), source.type || undefined];
  if (source instanceof FormData) return multipart(source);
  if (source instanceof URLSearchParams)
    return [encoder.encode(`${source}`), 'application/x-www-form-urlencoded;charset=UTF-8'];
  if (source instanceof ArrayBuffer) return [new Uint8Array(source.slice(0)), undefined];
  if (ArrayBuffer.isView(source))
    return [new Uint8Array(source.buffer.slice(source.byteOffset, source.byteOffset + source.byteLength))];
  return [encoder.encode(`${source}`.toWellFormed()), 'text/plain;charset=UTF-8'];
}

function chunk(value) {
  if (value instanceof Uint8Array) return value;
  throw new TypeError('Received non-Uint8Array chunk');
}

/** A class with the methods of a body; whoever inherits it calls `keepBody`. */
export class Body {
  #stream = null;
  #used = false;

  keepBody(source, headers) {
    if (source === null || source === undefined) return;
    const [stream, type] = streamOf(source);
    this.#stream = stream;
    if (type !== undefined && !headers.has('content-type')) headers.set('content-type', type);
  }

  /** A second body with the same bytes. */
  cloneBody() {
    if (this.bodyUsed) throw new TypeError('The body has already been consumed.');
    if (this.#stream === null) return null;
    const [one, other] = this.#stream.tee();
    this.#stream = one;
    return other;
  }

  get body() {
    return this.#stream;
  }

  get bodyUsed() {
    return this.#used || this.#stream?.locked === true;
  }

  async bytes() {
    if (this.bodyUsed) throw new TypeError('Body is unusable: Body has already been read');
    if (this.#stream === null) return new Uint8Array(0);
    this.#used = true;
    const parts = [];
    for await (const part of this.#stream) parts.push(chunk(part));
    return joined(parts);
  }

  async arrayBuffer() {
    return (await this.bytes()).buffer;
  }

  async text() {
    return new TextDecoder().decode(await this.bytes());
  }

  async json() {
    return JSON.parse(await this.text());
  }

  async blob() {
    return new Blob([await this.bytes()], { type: this.headers.get('content-type') ?? '' });
  }

  async formData() {
    const type = this.headers.get('content-type') ?? '';
    const bytes = await this.bytes();
    if (/^multipart\/form-data/i.test(type)) return parseMultipart(bytes, type);
    if (!/^application\/x-www-form-urlencoded/i.test(type))
      throw new TypeError(
        'Content-Type was not one of "multipart/form-data" or "application/x-www-form-urlencoded".',
      );
    const form = new FormData();
    for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes)))
      form.append(name, value);
    return form;
  }
}
for (const name of ['keepBody', 'cloneBody'])
  Object.defineProperty(Body.prototype, name, { enumerable: false });
