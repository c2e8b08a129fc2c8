// Values with bytes somewhere inside, for guest/js/values.c. In their JSON a string that begins with MARK is the place
// of bytes if a number follows, and otherwise a string whose first character is not part of it.

const MARK = '\u0001';
const { apply } = Reflect;
const { stringify } = JSON;

/** The name of a typed array's kind, undefined for everything else. */
export const tagOf = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  Symbol.toStringTag,
).get;

function isBytes(value) {
  return apply(tagOf, value, []) === 'Uint8Array';
}

/** `[json, bytes, bytes, …]` */
export function pack(value) {
  const blobs = [];
  let room = 0;
  const json = stringify(value, (_key, part) => {
    if (typeof part === 'string') return part[0] === MARK ? MARK + part : part;
    if (!isBytes(part)) return part;
    blobs.push(part);
    const place = `${MARK}${room},${part.length}`;
    room += part.length;
    return place;
  });
  return [json, ...blobs];
}

/** The value with its bytes, each a copy. */
export function unpack(value, bytes) {
  if (typeof value === 'string') return value[0] === MARK ? restore(value, bytes) : value;
  if (typeof value !== 'object' || value === null) return value;
  for (const key of Object.keys(value)) {
    const part = value[key];
    const restored = unpack(part, bytes);
    if (restored !== part)
      Object.defineProperty(value, key, {
        value: restored,
        writable: true,
        enumerable: true,
        configurable: true,
      });
  }
  return value;
}

function restore(text, bytes) {
  if (text[1] === MARK) return text.slice(1);
  const comma = text.indexOf(',');
  const offset = Number(text.slice(1, comma));
  return bytes.slice(offset, offset + Number(text.slice(comma + 1)));
}
