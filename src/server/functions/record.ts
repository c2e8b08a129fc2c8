/**
 * The record of a function as the text of a file. When it is read, each field is checked: anybody may have
 * edited it.
 */

import { show } from '../../base/numbers.js';
import {
  type FunctionRecord,
  LIVE,
  type Share,
  type SourceKind,
  type StoredSource,
  type StoredVersion,
  WHOLE,
} from './model.js';
import { isName } from './names.js';

const FORMAT = 1;
const HASH = /^[0-9a-f]{64}$/;
const KINDS: ReadonlySet<unknown> = new Set<SourceKind>(['native', 'linux', 'js', 'ts']);
const MOST_REVISIONS = 2 ** 40;

/** What a file is longer than only if nothing here wrote it. */
export const MOST_RECORD_BYTES = 64 * 2 ** 20;

export function encodeRecord(record: FunctionRecord): Uint8Array {
  const { tenant, name, createdAt, nextRevision, aliases, history } = record;
  const versions = record.versions.map(({ info, source: { env, ...source }, stored }) => ({
    ...info,
    stored,
    // A list: an object would take "__proto__" for something else.
    source: { ...source, ...(env !== undefined && { env: Object.entries(env) }) },
  }));
  const text = {
    format: FORMAT,
    tenant,
    name,
    createdAt,
    nextRevision,
    versions,
    aliases: [...aliases],
    history,
  };
  return new TextEncoder().encode(`${JSON.stringify(text)}\n`);
}

/** @throws Error which says what is wrong with the record of this function */
export function decodeRecord(bytes: Uint8Array, tenant: string, name: string): FunctionRecord {
  const given = fieldsOf('it', JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  if (given['format'] !== FORMAT) throw wrong('format', given['format'], `${FORMAT}`);
  if (given['tenant'] !== tenant) throw wrong('tenant', given['tenant'], JSON.stringify(tenant));
  if (given['name'] !== name) throw wrong('name', given['name'], JSON.stringify(name));
  const versions = listOf('versions', given['versions'], versionOf);
  const last = versions.at(-1);
  if (last === undefined) throw wrong('versions', given['versions'], 'a list of at least one');
  const revisions = new Set(versions.map(({ info }) => info.revision));
  const ascend = versions.every(({ info }, at) => info.revision > (versions[at - 1]?.info.revision ?? 0));
  if (!ascend) throw new Error('the revisions of its versions do not ascend');
  const shares = (where: string, value: unknown): readonly Share[] => sharesOf(where, value, revisions);
  const aliases = new Map(
    listOf('aliases', given['aliases'], (where, value) => {
      const [alias, targets, ...more] = listOf(where, value, (_, part) => part);
      if (!isName(alias) || more.length > 0)
        throw wrong(where, value, 'the name of an alias, and its targets');
      return [alias, shares(where, targets)] as const;
    }),
  );
  if (!aliases.has(LIVE)) throw new Error(`it has no alias ${LIVE}`);
  return {
    tenant,
    name,
    createdAt: timeOf('createdAt', given['createdAt']),
    nextRevision: wholeOf('nextRevision', given['nextRevision'], last.info.revision + 1, MOST_REVISIONS),
    versions,
    aliases,
    history: listOf('history', given['history'], shares),
  };
}

function versionOf(where: string, value: unknown): StoredVersion {
  const given = fieldsOf(where, value);
  const { kind } = given;
  if (!KINDS.has(kind)) throw wrong(`${where}.kind`, kind, `one of ${[...KINDS].join(', ')}`);
  const info = {
    revision: wholeOf(`${where}.revision`, given['revision'], 1, MOST_REVISIONS),
    version: hashOf(`${where}.version`, given['version']),
    kind: kind as SourceKind,
    policy: fieldsOf(`${where}.policy`, given['policy']),
    createdAt: timeOf(`${where}.createdAt`, given['createdAt']),
    bytes: wholeOf(`${where}.bytes`, given['bytes'], 0, Number.MAX_SAFE_INTEGER),
    functions: listOf(`${where}.functions`, given['functions'], textOf),
  };
  const stored = listOf(`${where}.stored`, given['stored'] ?? [], hashOf);
  return { info, source: sourceOf(`${where}.source`, given['source']), stored };
}

function sourceOf(where: string, value: unknown): StoredSource {
  const { body, files, args, argv0, env, cwd, locales } = fieldsOf(where, value);
  return {
    body: hashOf(`${where}.body`, body),
    ...(files !== undefined && { files: hashOf(`${where}.files`, files) }),
    ...(args !== undefined && { args: listOf(`${where}.args`, args, textOf) }),
    ...(argv0 !== undefined && { argv0: textOf(`${where}.argv0`, argv0) }),
    ...(env !== undefined && { env: Object.fromEntries(listOf(`${where}.env`, env, variableOf)) }),
    ...(cwd !== undefined && { cwd: textOf(`${where}.cwd`, cwd) }),
    ...(locales !== undefined && { locales: listOf(`${where}.locales`, locales, textOf) }),
  };
}

function variableOf(where: string, value: unknown): [name: string, text: string] {
  const [name, text, ...more] = listOf(where, value, textOf);
  if (name === undefined || text === undefined || more.length > 0)
    throw wrong(where, value, 'a name and a text');
  return [name, text];
}

function sharesOf(where: string, value: unknown, revisions: ReadonlySet<number>): readonly Share[] {
  const shares = listOf(where, value, (at, share) => {
    const given = fieldsOf(at, share);
    const revision = wholeOf(`${at}.revision`, given['revision'], 1, MOST_REVISIONS);
    if (!revisions.has(revision)) throw wrong(`${at}.revision`, revision, 'that of a version');
    return { revision, weight: wholeOf(`${at}.weight`, given['weight'], 1, WHOLE) };
  });
  const whole = shares.reduce((sum, { weight }) => sum + weight, 0) === WHOLE;
  if (shares.length > 2 || !whole)
    throw wrong(where, value, `one or two targets whose weights are ${WHOLE} together`);
  return shares;
}

function fieldsOf(where: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw wrong(where, value, 'an object');
}

function listOf<T>(where: string, value: unknown, item: (where: string, value: unknown) => T): T[] {
  if (!Array.isArray(value)) throw wrong(where, value, 'a list');
  return value.map((each, at) => item(`${where}[${at}]`, each));
}

function wholeOf(where: string, value: unknown, least: number, most: number): number {
  if (Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most) return Number(value);
  throw wrong(where, value, `a whole number from ${least} to ${most}`);
}

function textOf(where: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw wrong(where, value, 'a text');
}

function hashOf(where: string, value: unknown): string {
  if (typeof value === 'string' && HASH.test(value)) return value;
  throw wrong(where, value, '64 hex digits');
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function timeOf(where: string, value: unknown): string {
  if (typeof value === 'string' && TIME.test(value)) return value;
  throw wrong(where, value, 'a time, as 2026-01-31T12:00:00.000Z');
}

function wrong(where: string, value: unknown, expected: string): Error {
  return new Error(`${where} is ${show(value)}; it must be ${expected}`);
}
