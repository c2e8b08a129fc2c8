/** Content types. */

import type { SourceKind } from '../functions/model.js';

export const JSON_TYPE = 'application/json';
export const BYTES_TYPE = 'application/octet-stream';
export const LINES_TYPE = 'application/x-ndjson';
export const EVENTS_TYPE = 'text/event-stream';
export const FORM_TYPE = 'multipart/form-data';

const SOURCES: ReadonlyMap<string, SourceKind> = new Map([
  ['application/javascript', 'js'],
  ['text/javascript', 'js'],
  ['application/typescript', 'ts'],
  ['text/typescript', 'ts'],
  ['application/vnd.snapvm.native+elf', 'native'],
  ['application/vnd.snapvm.linux+elf', 'linux'],
]);

export const SOURCE_TYPES: readonly string[] = [...SOURCES.keys()];

export function sourceKind(type: string | undefined): SourceKind | undefined {
  return type === undefined ? undefined : SOURCES.get(type);
}

/** A content type without its parameters, in small letters. */
export function mediaType(header: string | undefined): string | undefined {
  if (header === undefined || header === JSON_TYPE) return header;
  const end = header.indexOf(';');
  return (end < 0 ? header : header.slice(0, end)).trim().toLowerCase();
}

/** Whether an `accept` header names the type; one that accepts anything names none. */
export function accepts(header: string | undefined, type: string): boolean {
  return header?.split(',').some((part) => mediaType(part) === type) ?? false;
}
