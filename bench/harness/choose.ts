/** Suites by the names that were given. */
import type { Suite } from './suite.js';

/** All when no name was given. @throws Error for a name that is none */
export function chosen(suites: readonly Suite[], names: readonly string[] | undefined): readonly Suite[] {
  if (names === undefined) return suites;
  const found = new Set(names.flatMap((name) => named(suites, name)));
  return suites.filter((suite) => found.has(suite));
}

/** The suite of that name, or all whose names begin with it: `call_with_restore` is two. */
function named(suites: readonly Suite[], name: string): readonly Suite[] {
  const exact = suites.filter((suite) => suite.name === name);
  const found = exact.length > 0 ? exact : suites.filter((suite) => suite.name.startsWith(`${name}_`));
  if (found.length > 0) return found;
  throw new Error(`there is no suite ${name}; there are ${suites.map((suite) => suite.name).join(', ')}`);
}
