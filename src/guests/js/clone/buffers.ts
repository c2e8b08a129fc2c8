/**
 * The bytes of the views in a value. A view brings its own and not the rest of its buffer, which may be somebody
 * else's: small Buffers of Node share one. Views that overlap, or whose ArrayBuffer is part of the value, share it.
 */

export interface Bytes {
  readonly buffer: ArrayBuffer;
  /** Of its record. */
  readonly index: number;
}

export interface SentView {
  readonly view: ArrayBufferView;
  readonly index: number;
}

/** A view, and where its bytes are. */
interface Part {
  readonly index: number;
  readonly kind: string;
  readonly offset: number;
  readonly end: number;
  readonly length: number;
}

const { apply } = Reflect;
const { Map, Uint8Array } = globalThis;
const TYPED = Object.getPrototypeOf(Uint8Array.prototype) as object;
const kindGetter = getterOf(TYPED, Symbol.toStringTag);
const typed = gettersOf(TYPED);
const dataView = gettersOf(DataView.prototype);
const lengthGetter = getterOf(TYPED, 'length');

function getterOf(prototype: object, name: string | symbol): () => unknown {
  return Object.getOwnPropertyDescriptor(prototype, name)?.get as () => unknown;
}

function gettersOf(prototype: object) {
  return {
    buffer: getterOf(prototype, 'buffer'),
    byteOffset: getterOf(prototype, 'byteOffset'),
    byteLength: getterOf(prototype, 'byteLength'),
  };
}

/**
 * Gives the bytes that are sent, in their order.
 * @param put Takes a record, and the index that it has if it has one; gives the number that refers to it.
 */
export function layOut(
  buffers: readonly Bytes[],
  views: readonly SentView[],
  put: (index: number | undefined, record: string) => number,
): Uint8Array[] {
  const bytes: Uint8Array[] = [];
  const send = (index: number | undefined, part: Uint8Array): number => {
    bytes.push(part);
    return put(index, `["b",${part.length}]`);
  };
  const whole = new Map<ArrayBuffer, number>();
  for (const { buffer, index } of buffers) whole.set(buffer, send(index, new Uint8Array(buffer)));
  const others = new Map<ArrayBuffer, Part[]>();
  for (const { view, index } of views) {
    const { buffer, part } = partOf(view, index);
    const reference = whole.get(buffer);
    if (reference !== undefined) put(index, viewRecord(part, reference, 0));
    else if (others.has(buffer)) others.get(buffer)?.push(part);
    else others.set(buffer, [part]);
  }
  for (const [buffer, parts] of others)
    for (const group of overlapping(parts)) {
      const { offset } = group[0] as Part;
      const end = group.reduce((most, part) => Math.max(most, part.end), offset);
      const reference = send(undefined, new Uint8Array(buffer, offset, end - offset));
      for (const part of group) put(part.index, viewRecord(part, reference, offset));
    }
  return bytes;
}

function viewRecord({ kind, offset, length }: Part, reference: number, start: number): string {
  return `["v","${kind}",${reference},${offset - start},${length}]`;
}

function partOf(view: ArrayBufferView, index: number): { buffer: ArrayBuffer; part: Part } {
  const kind = apply(kindGetter, view, []) as string | undefined;
  const get = kind === undefined ? dataView : typed;
  const number = (getter: () => unknown): number => apply(getter, view, []) as number;
  const buffer = apply(get.buffer, view, []) as ArrayBuffer;
  const offset = number(get.byteOffset);
  const bytes = number(get.byteLength);
  const length = kind === undefined ? bytes : number(lengthGetter);
  return { buffer, part: { index, kind: kind ?? 'DataView', offset, end: offset + bytes, length } };
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
