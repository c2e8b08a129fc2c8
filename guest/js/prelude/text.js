// TextEncoder and TextDecoder; the work is done in C, but for UTF-16.
import { define, tag } from './define.js';

const LABELS = {
  'utf-8': 'utf-8',
  utf8: 'utf-8',
  'unicode-1-1-utf-8': 'utf-8',
  'utf-16le': 'utf-16le',
  'utf-16': 'utf-16le',
  'ucs-2': 'utf-16le',
  unicode: 'utf-16le',
  'utf-16be': 'utf-16be',
  unicodefffe: 'utf-16be',
};
const BOM = '\ufeff';
const CHUNK = 8192;

export function installText(natives) {
  class TextEncoder {
    get encoding() {
      return 'utf-8';
    }

    encode(text = '') {
      return new Uint8Array(natives.encodeUtf8(`${text}`));
    }

    encodeInto(text, into) {
      const source = `${text}`;
      let read = 0;
      let written = 0;
      for (const character of source) {
        const bytes = new Uint8Array(natives.encodeUtf8(character));
        if (written + bytes.length > into.length) break;
        into.set(bytes, written);
        read += character.length;
        written += bytes.length;
      }
      return { read, written };
    }
  }

  class TextDecoder {
    #encoding;
    #fatal;
    #ignoreBOM;
    #pending = new Uint8Array(0);
    #started = false;

    constructor(label = 'utf-8', options = {}) {
      const encoding = LABELS[`${label}`.trim().toLowerCase()];
      if (encoding === undefined) throw new RangeError(`The "${label}" encoding is not supported`);
      this.#encoding = encoding;
      this.#fatal = Boolean(options?.fatal);
      this.#ignoreBOM = Boolean(options?.ignoreBOM);
    }

    get encoding() {
      return this.#encoding;
    }

    get fatal() {
      return this.#fatal;
    }

    get ignoreBOM() {
      return this.#ignoreBOM;
    }

    decode(input, options = {}) {
      const more = Boolean(options?.stream);
      let bytes = input === undefined ? new Uint8Array(0) : viewOf(input);
      if (this.#pending.length > 0) bytes = join(this.#pending, bytes);
      const [decoded, left] = this.#encoding === 'utf-8' ? this.#utf8(bytes, more) : this.#utf16(bytes, more);
      this.#pending = bytes.slice(bytes.length - left);
      let text = decoded;
      if (!this.#started && !this.#ignoreBOM && text[0] === BOM) text = text.slice(1);
      this.#started = more && (this.#started || decoded !== '');
      return text;
    }

    #utf8(bytes, more) {
      const decoded = natives.decodeUtf8(bytes, this.#fatal, more);
      return more ? decoded : [decoded, 0];
    }

    #utf16(bytes, more) {
      const units = bytes.length >> 1;
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const parts = [];
      for (let at = 0; at < units; at += CHUNK) {
        const codes = [];
        for (let index = at; index < Math.min(units, at + CHUNK); index++)
          codes.push(view.getUint16(index * 2, this.#encoding === 'utf-16le'));
        parts.push(String.fromCharCode(...codes));
      }
      let text = parts.join('');
      let left = bytes.length & 1;
      if (more && /[\ud800-\udbff]$/.test(text)) {
        text = text.slice(0, -1);
        left += 2;
      }
      const odd = !more && left > 0;
      if (this.#fatal && (odd || !text.isWellFormed()))
        throw new TypeError(`The encoded data was not valid for encoding ${this.#encoding}`);
      return [text.toWellFormed() + (odd ? '\ufffd' : ''), more ? left : 0];
    }
  }

  tag(TextEncoder, 'TextEncoder');
  tag(TextDecoder, 'TextDecoder');
  define(globalThis, 'TextEncoder', TextEncoder);
  define(globalThis, 'TextDecoder', TextDecoder);
}

function viewOf(input) {
  if (ArrayBuffer.isView(input)) return new Uint8Array(input.buffer, input.byteOffset, input.byteLength);
  if (input instanceof ArrayBuffer) return new Uint8Array(input);
  throw new TypeError('TextDecoder: the input must be an ArrayBuffer or a view on one');
}

function join(first, second) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
