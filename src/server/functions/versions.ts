/** Which version a call, an alias or a name means. */

import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { type FunctionRecord, LIVE, type Share, type StoredVersion, WHOLE } from './model.js';
import { shownFunction } from './names.js';

const REVISION = /^[1-9]\d{0,10}$/;
const LEAST_DIGITS = 12;
const HASH = new RegExp(`^[0-9a-f]{${LEAST_DIGITS},64}$`);

/** What a call names, if anything: one of the two. */
export interface Naming {
  readonly alias?: string | undefined;
  readonly version?: string | undefined;
}

/** What an alias is to point to. */
export interface GivenTarget {
  /** A revision, a hash, or the beginning of one. */
  readonly version: string;
  /** How many of 100 calls go there. */
  readonly weight: number;
}

/** @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`, `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_CONFLICT` */
export function versionFor(
  record: FunctionRecord,
  { alias, version }: Naming,
  random: () => number,
): StoredVersion {
  if (version !== undefined) {
    if (alias === undefined) return versionNamed(record, version);
    throw new SnapvmError('SNAPVM_SERVER_REQUEST', 'a call names an alias or a version, not both');
  }
  return versionOf(record, chosen(sharesOf(record, alias ?? LIVE), random));
}

/**
 * The version of a revision or a hash, or of at least 12 first digits of one. Of several with one hash, which
 * have different policies, it is the newest.
 * @throws SnapvmError `SNAPVM_SERVER_UNKNOWN`, `SNAPVM_SERVER_REQUEST`, `SNAPVM_SERVER_CONFLICT`
 */
export function versionNamed(record: FunctionRecord, named: string): StoredVersion {
  const { versions } = record;
  if (REVISION.test(named)) {
    const found = versions.find(({ info }) => info.revision === Number(named));
    if (found !== undefined) return found;
    throw unknown(record, `no revision ${named}`);
  }
  if (!HASH.test(named)) {
    const message = `the version is ${show(named)}; it must be a revision number, or ${LEAST_DIGITS} to 64 hex digits`;
    throw new SnapvmError('SNAPVM_SERVER_REQUEST', message);
  }
  const found = versions.filter(({ info }) => info.version.startsWith(named));
  const newest = found.at(-1);
  if (newest === undefined) throw unknown(record, `no version ${named}`);
  if (found.every(({ info }) => info.version === newest.info.version)) return newest;
  const message = `${shownFunction(record)} has several versions that begin with ${named}; give more digits`;
  throw new SnapvmError('SNAPVM_SERVER_CONFLICT', message, { function: record.name });
}

/** @throws SnapvmError `SNAPVM_SERVER_UNKNOWN` */
export function sharesOf(record: FunctionRecord, alias: string): readonly Share[] {
  const shares = record.aliases.get(alias);
  if (shares !== undefined) return shares;
  throw unknown(record, `no alias ${show(alias)}`);
}

/** The version of a share; every share of a record has one. */
export function versionOf(record: FunctionRecord, { revision }: Share): StoredVersion {
  const found = record.versions.findLast(({ info }) => info.revision === revision);
  if (found !== undefined) return found;
  throw new SnapvmError(
    'SNAPVM_INTERNAL',
    `${shownFunction(record)} has an alias of revision ${revision}, which is gone`,
  );
}

/** What an alias is to point to, checked. @throws SnapvmError as `versionNamed` */
export function sharesFor(record: FunctionRecord, targets: readonly GivenTarget[]): readonly Share[] {
  const shares = targets.map(({ version, weight }) => ({
    revision: versionNamed(record, version).info.revision,
    weight: targets.length === 1 ? WHOLE : weight,
  }));
  const [one, other] = shares;
  if (one === undefined || shares.length > 2)
    throw new SnapvmError(
      'SNAPVM_SERVER_REQUEST',
      `an alias points to one version or two, not ${shares.length}`,
    );
  if (other === undefined) return shares;
  if (one.revision === other.revision)
    throw new SnapvmError('SNAPVM_SERVER_REQUEST', `both targets of the alias are revision ${one.revision}`);
  const sound = shares.every(({ weight }) => Number.isInteger(weight) && weight >= 1 && weight < WHOLE);
  if (sound && one.weight + other.weight === WHOLE) return shares;
  const message = `the weights are ${show(one.weight)} and ${show(other.weight)}; they must be whole, 1 to 99, and ${WHOLE} together`;
  throw new SnapvmError('SNAPVM_SERVER_REQUEST', message);
}

/** @param random From 0 up to, not including, 1. */
function chosen(shares: readonly Share[], random: () => number): Share {
  const [first, second] = shares as readonly [Share, Share?];
  return second === undefined || random() * WHOLE < first.weight ? first : second;
}

function unknown(record: FunctionRecord, what: string): SnapvmError {
  return new SnapvmError('SNAPVM_SERVER_UNKNOWN', `${shownFunction(record)} has ${what}`, {
    function: record.name,
  });
}
