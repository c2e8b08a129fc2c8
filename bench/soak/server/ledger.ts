/** What the server has acknowledged of one function, and what it must say of it ever after. Pure. */

/** Of an alias, to one version or to two. */
export interface Share {
  readonly revision: number;
  readonly weight: number;
}

/** A function as its owner knows it. */
export interface Known {
  /** Oldest first. The hash is `undefined` when the answer that had it was lost. */
  readonly versions: readonly { readonly revision: number; readonly hash: string | undefined }[];
  readonly aliases: ReadonlyMap<string, readonly Share[]>;
  /** What `live` was before, latest last. */
  readonly history: readonly (readonly Share[])[];
}

/** How the server describes a function. */
export interface Described {
  readonly versions: readonly { readonly revision: number; readonly version: string }[];
  readonly aliases: Readonly<Record<string, readonly (Share & { readonly version: string })[]>>;
  readonly canRollBack: boolean;
}

const LIVE = 'live';
const WHOLE = 100;
const NEW: Known = { versions: [], aliases: new Map(), history: [] };

/** After a deployment. `hash`: of a version that is there already, of a new one, or unknown. */
export function deployed(before: Known | undefined, hash: string | undefined, activate = true): Known {
  const known = before ?? NEW;
  const same = hash === undefined ? undefined : known.versions.findLast((version) => version.hash === hash);
  const revision = same?.revision ?? nextRevision(known);
  const versions = same === undefined ? [...known.versions, { revision, hash }] : known.versions;
  const next = { ...known, versions };
  if (!activate && known.aliases.has(LIVE)) return next;
  return aliased(next, LIVE, [{ revision, weight: WHOLE }]);
}

export function aliased(known: Known, alias: string, shares: readonly Share[]): Known {
  const before = known.aliases.get(alias);
  const aliases = new Map(known.aliases).set(alias, shares);
  const isLeft = alias === LIVE && before !== undefined && !isEqual(before, shares);
  return { ...known, aliases, history: isLeft ? [...known.history, before] : known.history };
}

export function withoutAlias(known: Known, alias: string): Known {
  const aliases = new Map(known.aliases);
  aliases.delete(alias);
  return { ...known, aliases };
}

/** `undefined`: there is nothing to go back to. */
export function rolledBack(known: Known): Known | undefined {
  const before = known.history.at(-1);
  if (before === undefined) return undefined;
  return {
    ...known,
    aliases: new Map(known.aliases).set(LIVE, before),
    history: known.history.slice(0, -1),
  };
}

function nextRevision({ versions }: Known): number {
  return Math.max(0, ...versions.map(({ revision }) => revision)) + 1;
}

/** What differs between what is known and what the server says; `undefined` is a function that is not there. */
export function difference(known: Known | undefined, seen: Described | undefined): string | undefined {
  if (known === undefined || seen === undefined)
    return known === seen ? undefined : `it is ${known === undefined ? 'there again' : 'gone'}`;
  const hashes = new Map(seen.versions.map(({ revision, version }) => [revision, version]));
  const wanted = textOf(
    known.versions.map(({ revision, hash }) => [revision, hash ?? hashes.get(revision)]),
    known.aliases,
    known.history.length > 0,
  );
  const found = textOf(
    seen.versions.map(({ revision, version }) => [revision, version] as const).reverse(),
    new Map(Object.entries(seen.aliases)),
    seen.canRollBack,
  );
  return wanted === found ? undefined : `it is ${found}, and ${wanted} was acknowledged`;
}

/** Takes the hashes that were not known from what the server says. */
export function learn(known: Known, { versions }: Described): Known {
  const hashes = new Map(versions.map(({ revision, version }) => [revision, version]));
  return {
    ...known,
    versions: known.versions.map(({ revision, hash }) => ({
      revision,
      hash: hash ?? hashes.get(revision),
    })),
  };
}

function textOf(
  versions: readonly (readonly [revision: number, hash: string | undefined])[],
  aliases: ReadonlyMap<string, readonly Share[]>,
  canRollBack: boolean,
): string {
  const targets = [...aliases].map(([alias, shares]) => [
    alias,
    ...shares.map(({ revision, weight }) => `${revision}:${weight}`),
  ]);
  return JSON.stringify({ versions, aliases: targets.sort(), canRollBack });
}

function isEqual(some: readonly Share[], others: readonly Share[]): boolean {
  const same = ({ revision, weight }: Share, at: number): boolean =>
    others[at]?.revision === revision && others[at]?.weight === weight;
  return some.length === others.length && some.every(same);
}
