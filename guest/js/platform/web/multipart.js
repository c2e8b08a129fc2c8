// Forms as multipart/form-data, and back.
import { Blob, File, FormData, joined } from './blob.js';

const encoder = new TextEncoder();
const quoted = (name) => name.replaceAll('\n', '%0A').replaceAll('\r', '%0D').replaceAll('"', '%22');
const unquoted = (name) => name.replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%22', '"');
const lines = (text) => text.replaceAll(/\r?\n|\r/g, '\r\n');

/** `[bytes, type]` of a form. */
export function multipart(form) {
  const boundary = `----formdata-${crypto.randomUUID()}`;
  const parts = [];
  for (const [name, value] of form) {
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(lines(name))}"`;
    if (value instanceof Blob) {
      const type = value.type || 'application/octet-stream';
      parts.push(
        encoder.encode(`${head}; filename="${quoted(value.name)}"\r\nContent-Type: ${type}\r\n\r\n`),
      );
      parts.push(value.bytesNow(), encoder.encode('\r\n'));
    } else parts.push(encoder.encode(`${head}\r\n\r\n${lines(value)}\r\n`));
  }
  parts.push(encoder.encode(`--${boundary}--\r\n`));
  return [joined(parts), `multipart/form-data; boundary=${boundary}`];
}

/** Where `wanted` begins in `bytes`, from a place on; -1 if nowhere. */
function find(bytes, wanted, from) {
  for (let at = bytes.indexOf(wanted[0], from); at >= 0; at = bytes.indexOf(wanted[0], at + 1))
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  return -1;
}

export function parseMultipart(bytes, type) {
  const [, plain, inQuotes] = /boundary=(?:([^\s;"]+)|"([^"]+)")/i.exec(type) ?? [];
  const boundary = plain ?? inQuotes;
  const broken = () => new TypeError('Failed to parse body as FormData.');
  if (boundary === undefined) throw broken();
  const form = new FormData();
  const mark = encoder.encode(`--${boundary}`);
  const gap = encoder.encode('\r\n\r\n');
  const end = encoder.encode(`\r\n--${boundary}`);
  let at = find(bytes, mark, 0);
  if (at < 0) throw broken();
  at += mark.length;
  while (!(bytes[at] === 0x2d && bytes[at + 1] === 0x2d)) {
    const body = find(bytes, gap, at);
    const next = body < 0 ? -1 : find(bytes, end, body + 2);
    if (next < 0) throw broken();
    const head = new TextDecoder().decode(bytes.subarray(at, body));
    const [, name] = /\bname="([^"]*)"/i.exec(head) ?? [];
    if (name === undefined) throw broken();
    const [, filename] = /\bfilename="([^"]*)"/i.exec(head) ?? [];
    const [, contentType = 'text/plain'] = /^content-type:\s*(.+)$/im.exec(head) ?? [];
    const content = bytes.subarray(Math.min(body + gap.length, next), next);
    if (filename === undefined) form.append(unquoted(name), new TextDecoder().decode(content));
    else form.append(unquoted(name), new File([content], unquoted(filename), { type: contentType.trim() }));
    at = next + end.length;
  }
  return form;
}
