/** A deployed source as the engine takes it, and as it is kept. */

import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { isBytes, messageOf } from '../../base/realms.js';
import type { JsFunctionSource } from '../../guests/js/kind.js';
import type { LinuxSource } from '../../guests/linux/source.js';
import type { GuestEnvironment } from '../../snapshot/environment.js';
import { directoryError } from '../files.js';
import type { Deployment, GivenSource, SourceKind, StoredSource, StoredVersion } from './model.js';
import { packFiles, unpackFiles } from './packed-files.js';
import { nameOf, type Sources } from './sources.js';

export type EngineSource = GuestEnvironment | LinuxSource | JsFunctionSource;

/** The parts that only some kinds have. */
const PARTS: Readonly<Record<SourceKind, readonly (keyof GivenSource)[]>> = {
  native: [],
  linux: ['files', 'args', 'argv0', 'env', 'cwd'],
  js: ['locales'],
  ts: ['locales'],
};
const ALL_PARTS = ['files', 'args', 'argv0', 'env', 'cwd', 'locales'] as const;

/** Refuses what no kind has, and what another kind has. @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
export function checkSource(source: GivenSource): void {
  const { kind, body } = source;
  if (!Object.hasOwn(PARTS, kind))
    throw refused(`the kind of the source is ${show(kind)}; it must be native, linux, js or ts`);
  if (!isBytes(body)) throw refused(`the source is ${show(body)}; it must be bytes`);
  for (const part of ALL_PARTS)
    if (source[part] !== undefined && !PARTS[kind].includes(part))
      throw refused(`a source of kind ${kind} has no ${part}`);
}

/**
 * @param packages Whether modules may import those of the working directory.
 * @throws SnapvmError `SNAPVM_SERVER_REQUEST`: the text is no UTF-8, or a file is given twice
 */
export function engineSource(
  { kind, body, files = [], args, argv0, env, cwd, locales }: GivenSource,
  packages = false,
): EngineSource {
  if (kind === 'native') return { elf: body };
  if (kind === 'js' || kind === 'ts')
    return {
      js: { source: textOf(body), language: kind, packages, ...(locales !== undefined && { locales }) },
    };
  const contents = new Map(files.map(({ path, bytes }) => [path, bytes]));
  if (contents.size < files.length) throw refused('two of the files have the same path');
  return {
    linux: body,
    files: Object.fromEntries(contents),
    ...(args !== undefined && { args }),
    ...(argv0 !== undefined && { argv0 }),
    ...(env !== undefined && { env }),
    ...(cwd !== undefined && { cwd }),
  };
}

/**
 * What the engine is given: what JSON can say, and `values: 'json'` for modules.
 * @throws SnapvmError `SNAPVM_SERVER_REQUEST`
 */
export function policyFor({ source, policy }: Deployment): Readonly<Record<string, unknown>> {
  let plain: unknown;
  try {
    plain = JSON.parse(JSON.stringify(policy));
  } catch (cause) {
    throw refused(`the policy cannot be written as JSON: ${messageOf(cause)}`);
  }
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
    throw refused(`the policy is ${show(plain)}; it must be an object`);
  const isModule = source.kind === 'js' || source.kind === 'ts';
  return isModule ? { values: 'json', ...plain } : { ...plain };
}

/** Whether two policies, or two sources, say the same, in whatever order. */
export function areAlike(one: object, other: object): boolean {
  const text = (fields: object): string =>
    JSON.stringify(Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1)));
  return text(one) === text(other);
}

/** The bytes of a source, its files included. */
export function bytesOf({ body, files = [] }: GivenSource): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, body.length);
}

/** A source as it is to be kept, and the files for that. */
export interface Described {
  readonly source: StoredSource;
  readonly contents: readonly (readonly [name: string, bytes: Uint8Array])[];
}

export async function describeSource({ body, files = [], ...given }: GivenSource): Promise<Described> {
  const { args, argv0, env, cwd, locales } = given;
  const name = await nameOf(body);
  const source = {
    body: name,
    ...(args !== undefined && { args }),
    ...(argv0 !== undefined && { argv0 }),
    ...(env !== undefined && { env }),
    ...(cwd !== undefined && { cwd }),
    ...(locales !== undefined && { locales }),
  };
  if (files.length === 0) return { source, contents: [[name, body]] };
  const packed = packFiles(files);
  const packedName = await nameOf(packed);
  const contents = [[name, body] as const, [packedName, packed] as const];
  return { source: { ...source, files: packedName }, contents };
}

/**
 * Writes a source; it is held when this resolves.
 * @throws SnapvmError as `writeDurably`; then nothing is held
 */
export async function keepSource(sources: Sources, { contents }: Described): Promise<void> {
  const held: string[] = [];
  try {
    for (const [name, bytes] of contents) {
      await sources.keep(name, bytes);
      held.push(name);
    }
  } catch (error) {
    for (const name of held) await sources.drop(name).catch(() => {}); // the first error says more
    throw error;
  }
}

export function holdSource(sources: Sources, { body, files }: StoredSource): void {
  sources.hold(body);
  if (files !== undefined) sources.hold(files);
}

/** @throws SnapvmError as `removeDurably` */
export async function dropSource(sources: Sources, { body, files }: StoredSource): Promise<void> {
  await sources.drop(body);
  if (files !== undefined) await sources.drop(files);
}

/**
 * Reads the source of a version from disk.
 * @throws SnapvmError `SNAPVM_SERVER_DIRECTORY`, `SNAPVM_HOST_MEMORY`
 */
export async function readSource(
  sources: Sources,
  { info, source }: StoredVersion,
  packages: boolean,
): Promise<EngineSource> {
  const { body, files, ...parts } = source;
  const given = { ...parts, kind: info.kind, body: await sources.read(body) };
  if (files === undefined) return engineSource(given, packages);
  const packed = await sources.read(files);
  try {
    return engineSource({ ...given, files: unpackFiles(packed) }, packages);
  } catch (cause) {
    throw directoryError(files, `is no source of files: ${messageOf(cause)}`, cause);
  }
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw refused('the text of the module is no UTF-8');
  }
}

function refused(message: string): SnapvmError {
  return new SnapvmError('SNAPVM_SERVER_REQUEST', message);
}
