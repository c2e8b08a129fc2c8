/** Computes how many page tables a set of mappings needs, without building them. */
import { PAGE } from '../base/abi.js';

/** Address bits below an entry's reach: a page table spans 2 MiB, a directory 1 GiB, a pointer table 512 GiB. */
const TABLE_SHIFTS = [21n, 30n, 39n] as const;

/** Bytes of all four levels of tables for `mappings` (GVA and length; those of length 0 count nothing). */
export function countTableBytes(
  mappings: readonly { readonly gva: bigint; readonly bytes: number }[],
): number {
  const spans = mappings
    .filter(({ bytes }) => bytes > 0)
    .map(({ gva, bytes }) => ({ first: gva, last: gva + BigInt(bytes) - 1n }))
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  let tables = 1;
  for (const shift of TABLE_SHIFTS) {
    let counted = -1n;
    for (const { first, last } of spans) {
      const low = first >> shift > counted ? first >> shift : counted + 1n;
      const high = last >> shift;
      if (high < low) continue;
      tables += Number(high - low) + 1;
      counted = high;
    }
  }
  return tables * PAGE;
}
