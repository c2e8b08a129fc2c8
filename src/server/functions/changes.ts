/** Changes of a function: each gives the record that is to replace another one. */

import { SnapvmError } from '../../base/errors.js';
import {
  type FunctionInfo,
  type FunctionRecord,
  LIVE,
  type Share,
  type StoredVersion,
  WHOLE,
} from './model.js';
import { shownFunction } from './names.js';
import { sharesOf, versionOf } from './versions.js';

/**
 * The oldest that no alias points to are forgotten beyond so many: without a bound, a quota would fill up for
 * ever.
 */
const MOST_VERSIONS = 100;
const MOST_ALIASES = 50;
/** How often in a row a rollback is possible. */
const MOST_HISTORY = 100;

/** A function as it begins, with a version that is not in it yet. */
export function newRecord(tenant: string, name: string, createdAt: string): FunctionRecord {
  return { tenant, name, createdAt, nextRevision: 1, versions: [], aliases: new Map(), history: [] };
}

/** Adds a version that was just made. */
export function withVersion(record: FunctionRecord, version: StoredVersion): FunctionRecord {
  const versions = [...record.versions, version];
  const pinned = new Set([...record.aliases.values()].flat().map(({ revision }) => revision));
  pinned.add(version.info.revision);
  let excess = versions.length - MOST_VERSIONS;
  const kept = versions.filter(({ info }) => pinned.has(info.revision) || excess-- <= 0);
  const revisions = new Set(kept.map(({ info }) => info.revision));
  return {
    ...record,
    nextRevision: version.info.revision + 1,
    versions: kept,
    history: record.history.filter((shares) => shares.every(({ revision }) => revisions.has(revision))),
  };
}

/** Points `live` to a version, unless it is to stay where it is. */
export function withLive(record: FunctionRecord, { info }: StoredVersion, activate: boolean): FunctionRecord {
  if (!activate && record.aliases.has(LIVE)) return record;
  return withAlias(record, LIVE, [{ revision: info.revision, weight: WHOLE }]);
}

/** @throws SnapvmError `SNAPVM_SERVER_CONFLICT`: it has as many aliases as it may have */
export function withAlias(record: FunctionRecord, alias: string, shares: readonly Share[]): FunctionRecord {
  const before = record.aliases.get(alias);
  if (before === undefined && record.aliases.size >= MOST_ALIASES) {
    const message = `${shownFunction(record)} has ${MOST_ALIASES} aliases, which is the most; remove one`;
    throw new SnapvmError('SNAPVM_SERVER_CONFLICT', message, { function: record.name });
  }
  const aliases = new Map(record.aliases).set(alias, shares);
  const remembered = alias === LIVE && before !== undefined && !areEqual(before, shares) ? [before] : [];
  return { ...record, aliases, history: [...record.history, ...remembered].slice(-MOST_HISTORY) };
}

/** @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`, `SNAPVM_SERVER_CONFLICT` */
export function withoutAlias(record: FunctionRecord, alias: string): FunctionRecord {
  if (alias === LIVE) {
    const message = `the alias ${LIVE} cannot be removed; point it to another version, or remove the function`;
    throw new SnapvmError('SNAPVM_SERVER_CONFLICT', message, { function: record.name });
  }
  sharesOf(record, alias);
  const aliases = new Map(record.aliases);
  aliases.delete(alias);
  return { ...record, aliases };
}

/** @throws SnapvmError `SNAPVM_SERVER_CONFLICT`: `live` never pointed to anything else */
export function rolledBack(record: FunctionRecord): FunctionRecord {
  const before = record.history.at(-1);
  if (before === undefined) {
    const message = `${shownFunction(record)} has nothing to go back to: ${LIVE} points to the first version it had`;
    throw new SnapvmError('SNAPVM_SERVER_CONFLICT', message, { function: record.name });
  }
  return {
    ...record,
    aliases: new Map(record.aliases).set(LIVE, before),
    history: record.history.slice(0, -1),
  };
}

export function infoOf(record: FunctionRecord): FunctionInfo {
  const aliases = [...record.aliases].map(
    ([alias, shares]) =>
      [
        alias,
        shares.map((share) => ({
          revision: share.revision,
          version: versionOf(record, share).info.version,
          weight: share.weight,
        })),
      ] as const,
  );
  return {
    name: record.name,
    createdAt: record.createdAt,
    versions: record.versions.map(({ info }) => info).reverse(),
    aliases: new Map(aliases),
    canRollBack: record.history.length > 0,
  };
}

function areEqual(some: readonly Share[], others: readonly Share[]): boolean {
  const same = ({ revision, weight }: Share, at: number): boolean =>
    others[at]?.revision === revision && others[at]?.weight === weight;
  return some.length === others.length && some.every(same);
}
