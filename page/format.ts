/** Numbers as people read them. */

const UNITS = ['B', 'KiB', 'MiB', 'GiB'] as const;

/** 12.5 KiB, say. */
export function bytesText(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${shortNumber(bytes / 1024 ** power)} ${UNITS[power]}`;
}

/** Microseconds: 850 µs, 12.3 ms, 1.2 s. */
export function timeText(us: number): string {
  if (us < 1000) return `${shortNumber(us)} µs`;
  return us < 1e6 ? `${shortNumber(us / 1000)} ms` : `${shortNumber(us / 1e6)} s`;
}

/** With three digits. */
export function shortNumber(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}

export function countText(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
