/** Reads the sources that hold the guest ABI's numbers. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
export const source = (path: string): string => readFileSync(join(PROJECT, path), 'utf8');

/** `#define NAME number` and sums of names, as layout.h has them. */
function defines(text: string): Map<string, bigint> {
  const values = new Map<string, bigint>();
  for (const [, name = '', body = ''] of text.matchAll(/^#define (\w+) (.+)$/gm)) {
    const terms = body.replace(/[()]/g, '').split('+');
    const numbers = terms.map((term) => values.get(term.trim()) ?? BigInt(term.trim()));
    values.set(
      name,
      numbers.reduce((sum, number) => sum + number, 0n),
    );
  }
  return values;
}

export const layout = defines(source('guest/monitor/layout.h'));
export function of(name: string): number {
  const value = layout.get(name);
  if (value === undefined) throw new Error(`layout.h does not define ${name}`);
  return Number(value);
}
