/**
 * The bytes of the views in a value. A view brings its own and not the rest of its buffer, which may be somebody
 * else's: small Buffers of Node share one. Views that overlap, or whose ArrayBuffer is part of the value, share it.
 */

export interface Bytes {
  readonly buffer: ArrayBuffer;
  /** Of its record. */
  readonly index: number;
}

/** A view, and where its bytes are. */
export interface Part {
  readonly index: number;
  readonly buffer: ArrayBuffer;
  readonly kind: string;
  readonly offset: number;
  readonly end: number;
  readonly length: number;
}

const { apply } = Reflect;
const { isArray } = Array;
const { Map, Uint8Array } = globalThis;
const TYPED = Object.getPrototypeOf(Uint8Array.prototype) as object;
const kindGetter = getterOf(TYPED, Symbol.toStringTag);
const typed = gettersOf(TYPED);
const dataView = gettersOf(DataView.prototype);
const lengthGetter = getterOf(TYPED, 'length');

function getterOf(prototype: object, name: string | symbol): () => number {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get as () => number;
}

function gettersOf(prototype: object) {
  return {
    buffer: getterOf(prototype, 'buffer'),
    byteOffset: getterOf(prototype, 'byteOffset'),
    byteLength: getterOf(prototype, 'byteLength'),
  };
}

export function partOf(view: ArrayBufferView, index: number): Part {
  const kind = apply(kindGetter, view, []) as unknown as string | undefined;
  const get = kind === undefined ? dataView : typed;
  const buffer = apply(get.buffer, view, []) as unknown as ArrayBuffer;
  const offset = apply(get.byteOffset, view, []);
  const bytes = apply(get.byteLength, view, []);
  const length = kind === undefined ? bytes : apply(lengthGetter, view, []);
  return { index, buffer, kind: kind ?? 'DataView', offset, end: offset + bytes, length };
}

/**
 * Gives the bytes that are sent, in their order: those that have a record of their own, then those of views alone.
 * @param put Takes a record, and the index that it has if it has one; gives the number that refers to it.
 */
export function layOut(
  buffers: readonly Bytes[],
  views: readonly Part[],
  put: (index: number | undefined, record: string) => number,
): Uint8Array[] {
  const bytes: Uint8Array[] = [];
  const send = (index: number | undefined, part: Uint8Array): number => {
    bytes.push(part);
    return put(index, `["b",${part.length}]`);
  };
  const whole = new Map<ArrayBuffer, number>();
  for (const { buffer, index } of buffers) whole.set(buffer, send(index, new Uint8Array(buffer)));
  // Most buffers have one view, and thousands of these may be sent: there is no list for each.
  const others = new Map<ArrayBuffer, Part | Part[]>();
  for (const part of views) {
    const reference = whole.get(part.buffer);
    if (reference !== undefined) put(part.index, viewRecord(part, reference, 0));
    else addTo(others, part);
  }
  const alone: Part[] = [];
  let areSorted = true;
  others.forEach((parts) => {
    if (!isArray(parts)) {
      alone.push(parts);
      return;
    }
    areSorted = false;
    for (const group of overlapping(parts)) {
      const [first] = group as [Part];
      if (group.length === 1) {
        alone.push(first);
        continue;
      }
      const { offset } = first;
      const end = group.reduce((most, part) => Math.max(most, part.end), offset);
      const reference = send(undefined, new Uint8Array(first.buffer, offset, end - offset));
      for (const part of group) put(part.index, viewRecord(part, reference, offset));
    }
  });
  if (!areSorted) alone.sort((a, b) => a.index - b.index);
  for (let at = 0; at < alone.length; at++) {
    const { index, buffer, kind, offset, end, length } = alone[at] as Part;
    bytes.push(new Uint8Array(buffer, offset, end - offset));
    put(index, `["t","${kind}",${length}]`);
  }
  return bytes;
}

function addTo(parts: Map<ArrayBuffer, Part | Part[]>, part: Part): void {
  const other = parts.get(part.buffer);
  if (other === undefined) parts.set(part.buffer, part);
  else if (isArray(other)) other.push(part);
  else parts.set(part.buffer, [other, part]);
}

function viewRecord({ kind, offset, length }: Part, reference: number, start: number): string {
  return `["v","${kind}",${reference},${offset - start},${length}]`;
}

/** Groups of parts of one buffer of which each shares bytes with another one of its group. */
function overlapping(parts: Part[]): Part[][] {
  parts.sort((a, b) => a.offset - b.offset);
  const groups: Part[][] = [];
  let end = -1;
  for (const part of parts) {
    if (part.offset < end) groups.at(-1)?.push(part);
    else groups.push([part]);
    end = part.offset < end ? Math.max(end, part.end) : part.end;
  }
  return groups;
}
