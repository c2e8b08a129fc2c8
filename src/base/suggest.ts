/** Suggests a name in place of one that does not exist. */

const MOST_LISTED = 12;

/** The end of a message about an unknown name: the closest name that exists, or a list of them. */
export function suggest(given: string, known: readonly string[]): string {
  const close = closest(given, known);
  if (close !== undefined) return `did you mean ${JSON.stringify(close)}?`;
  const more = known.length - MOST_LISTED;
  return `there ${known.length === 1 ? 'is' : 'are'} ${known.slice(0, MOST_LISTED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** The closest name that exists; `undefined` if none is close. */
export function closest(name: string, known: readonly string[]): string | undefined {
  // Longer names are no typing mistakes, and the distance takes time in proportion to the length.
  if (name.length > 40) return undefined;
  let best: string | undefined;
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    const found = distance(name.toLowerCase(), candidate.toLowerCase());
    if (found >= least) continue;
    least = found;
    best = candidate;
  }
  return best;
}

/** The Levenshtein distance of two texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? a.length;
}
