/** The configuration of tokens and tenants, checked field by field. */
import { readFileSync, statSync } from 'node:fs';
import { checkDirectory, checkNames, checkObject, checkWhole, invalidOption } from '../../base/checks.js';
import { SnapvmError } from '../../base/errors.js';
import { messageOf } from '../../base/realms.js';
import { suggest } from '../../base/suggest.js';
import { ROLES, type Role } from './roles.js';

/** What a tenant may use. What is left out has no limit here; the engine's and the server's hold in any case. */
export interface TenantQuota {
  /** Functions that are deployed. */
  readonly functions?: number;
  /** Bytes of the sources of all versions of its functions. */
  readonly bytes?: number;
  /** Calls on their way at once. */
  readonly concurrent?: number;
  /** Calls of one function on their way at once. */
  readonly concurrentPerFunction?: number;
  /** Calls a second; after a rest as many as a second gives at once, and at least one. May be a fraction. */
  readonly callsPerSecond?: number;
  /** Seconds that its guests may run in a day of UTC; waiting for host functions does not count. */
  readonly cpuSecondsPerDay?: number;
  /** Bytes of the body of a request. */
  readonly bodyBytes?: number;
}

/** A token as the configuration has it. */
export interface TokenConfig {
  /** For logs: it is no secret. */
  readonly name: string;
  /** Whose functions it reaches; one of `tenants`. */
  readonly tenant: string;
  /** At least one; each includes the lower ones. */
  readonly roles: readonly Role[];
  /** The SHA-256 digest of the token, 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Who may do what. */
export interface AccessConfig {
  /** 1 to 1,000. */
  readonly tokens: readonly TokenConfig[];
  /**
   * The tenants and their quotas, at most 1,000. A token is of one of them.
   * @default those that the tokens name, with the quotas of `defaults`
   */
  readonly tenants?: Readonly<Record<string, TenantQuota>>;
  /** For what a tenant's own quotas leave out. @default no limits */
  readonly defaults?: TenantQuota;
}

/** A configuration that was checked. */
export interface CheckedAccess {
  readonly tokens: readonly TokenConfig[];
  /** Every tenant there is, and its quotas, complete. */
  readonly tenants: ReadonlyMap<string, TenantQuota>;
}

const MOST_FILE_BYTES = 4 * 2 ** 20;
/** A request is compared with every token, which takes some 100 ns each. */
const MOST_TOKENS = 1_000;
const MOST_TENANTS = 1_000;
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
const NAME_TEXT = '1 to 64 letters, digits, "_", "." and "-", with a letter or a digit first';
const DIGEST = /^[0-9a-f]{64}$/i;
const MAKE_DIGEST = "printf %s TOKEN | openssl dgst -sha256 -r | cut -d' ' -f1";

/** Each quota's name and the most it can be. */
const WHOLE_QUOTAS = [
  ['functions', 1e9],
  ['bytes', 2 ** 50],
  ['concurrent', 1e6],
  ['concurrentPerFunction', 1e6],
  ['bodyBytes', 2 ** 40],
] as const;
const RATE_QUOTAS = [
  ['callsPerSecond', 1e7],
  ['cpuSecondsPerDay', 1e9],
] as const;
const QUOTA_NAMES = [...WHOLE_QUOTAS, ...RATE_QUOTAS].map(([name]) => name);

/**
 * Checks a configuration, or reads it from a JSON file if it is a path or a file: URL.
 * @throws SnapvmError `SNAPVM_CONFIG_*`, with the place
 */
export function checkAccess(given: unknown): CheckedAccess {
  if (typeof given === 'object' && !(given instanceof URL)) return checkConfig(given);
  const path = checkDirectory('access', given);
  if (path === undefined) throw invalidOption('access', given, 'an object, or the path of a JSON file');
  try {
    return checkConfig(readJson(path));
  } catch (error) {
    if (!(error instanceof SnapvmError)) throw error;
    throw new SnapvmError(error.code, `${path}: ${error.message}`, { ...error.details, path });
  }
}

function readJson(path: string): unknown {
  let text: string;
  try {
    const file = statSync(path);
    if (!file.isFile()) throw badFile('is no regular file');
    if (file.size > MOST_FILE_BYTES) throw badFile(`has ${file.size} bytes, more than ${MOST_FILE_BYTES}`);
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw error instanceof SnapvmError ? error : badFile(`cannot be read: ${messageOf(error)}`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    // Its message quotes the file, which may have a secret in it.
    const position = /at position (\d+)/.exec(messageOf(error))?.[1];
    const line =
      position === undefined ? '' : ` (line ${text.slice(0, Number(position)).split('\n').length})`;
    throw badFile(`is no JSON${line}`);
  }
}

function badFile(what: string): SnapvmError {
  return new SnapvmError('SNAPVM_CONFIG_VALUE', `the file of tokens and tenants ${what}`, {
    option: 'access',
  });
}

function checkConfig(given: unknown): CheckedAccess {
  const config = checkObject('access', given);
  checkNames('access', config, ['tokens', 'tenants', 'defaults']);
  const defaults = checkQuota('defaults', config['defaults'] ?? {});
  const listed = config['tenants'] === undefined ? undefined : checkTenants(config['tenants'], defaults);
  const tokens = checkTokens(config['tokens'], listed);
  return { tokens, tenants: listed ?? new Map(tokens.map(({ tenant }) => [tenant, defaults])) };
}

function checkTenants(given: unknown, defaults: TenantQuota): Map<string, TenantQuota> {
  const entries = Object.entries(checkObject('tenants', given));
  if (entries.length > MOST_TENANTS) throw tooMany('tenants', entries.length, MOST_TENANTS);
  return new Map(
    entries.map(([name, quota]) => {
      if (!NAME.test(name)) throw invalidOption('the name of a tenant', name, NAME_TEXT);
      return [name, { ...defaults, ...checkQuota(`tenants.${name}`, quota) }];
    }),
  );
}

function checkQuota(place: string, given: unknown): TenantQuota {
  const quota = checkObject(place, given);
  checkNames(place, quota, QUOTA_NAMES);
  const checked: Partial<Record<(typeof QUOTA_NAMES)[number], number>> = {};
  for (const [name, most] of WHOLE_QUOTAS) {
    const value = checkWhole(`${place}.${name}`, quota[name], 0, most);
    if (value !== undefined) checked[name] = value;
  }
  for (const [name, most] of RATE_QUOTAS) {
    const value = quota[name];
    if (value === undefined) continue;
    if (typeof value === 'number' && value > 0 && value <= most) checked[name] = value;
    else throw invalidOption(`${place}.${name}`, value, `a number above 0 and at most ${most}`);
  }
  return checked;
}

function checkTokens(given: unknown, tenants: ReadonlyMap<string, TenantQuota> | undefined): TokenConfig[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw invalidOption('tokens', given, 'a list of at least one token');
  }
  if (given.length > MOST_TOKENS) throw tooMany('tokens', given.length, MOST_TOKENS);
  const [names, digests] = [new Map<string, string>(), new Map<string, string>()];
  return given.map((value: unknown, index) => {
    const place = `tokens[${index}]`;
    const token = checkToken(place, value, tenants);
    isFirst(names, token.name, `${place}.name`);
    isFirst(digests, token.sha256, `${place}.sha256`);
    return token;
  });
}

function checkToken(
  place: string,
  given: unknown,
  tenants: ReadonlyMap<string, TenantQuota> | undefined,
): TokenConfig {
  const token = checkObject(place, given);
  if (token['token'] !== undefined) {
    throw new SnapvmError(
      'SNAPVM_CONFIG_UNKNOWN',
      `${place}.token is a token in clear, which nobody should find here: put its digest into ${place}.sha256. ` +
        `This makes it: ${MAKE_DIGEST}`,
      { option: `${place}.token` },
    );
  }
  checkNames(place, token, ['name', 'tenant', 'roles', 'sha256']);
  return {
    name: checkName(`${place}.name`, token['name']),
    tenant: checkTenant(`${place}.tenant`, token['tenant'], tenants),
    roles: checkRoles(`${place}.roles`, token['roles']),
    sha256: checkDigest(`${place}.sha256`, token['sha256']),
  };
}

function checkName(place: string, value: unknown): string {
  if (typeof value === 'string' && NAME.test(value)) return value;
  throw invalidOption(place, value, NAME_TEXT);
}

function checkTenant(
  place: string,
  value: unknown,
  tenants: ReadonlyMap<string, TenantQuota> | undefined,
): string {
  const name = checkName(place, value);
  if (tenants === undefined || tenants.has(name)) return name;
  const hint = tenants.size === 0 ? 'there is none' : suggest(name, [...tenants.keys()]);
  throw invalidOption(place, name, `one of the names in tenants; ${hint}`);
}

function checkRoles(place: string, given: unknown): Role[] {
  if (!Array.isArray(given) || given.length === 0) {
    throw invalidOption(place, given, `a list of at least one of ${ROLES.join(', ')}`);
  }
  return given.map((value: unknown, index) => {
    const role = ROLES.find((known) => known === value);
    if (role !== undefined) return role;
    throw invalidOption(`${place}[${index}]`, value, `a role; ${suggest(String(value), ROLES)}`);
  });
}

function checkDigest(place: string, value: unknown): string {
  if (typeof value === 'string' && DIGEST.test(value)) return value.toLowerCase();
  // The value is not shown: it may be the token itself.
  const message = `${place} is no SHA-256 digest of 64 hexadecimal digits. This makes one: ${MAKE_DIGEST}`;
  throw new SnapvmError('SNAPVM_CONFIG_VALUE', message, { option: place });
}

/** Remembers whose value it is. @throws SnapvmError when another has it */
function isFirst(seen: Map<string, string>, value: string, place: string): void {
  const other = seen.get(value);
  if (other !== undefined) {
    const message = `${place} is the same as ${other}: each token has its own`;
    throw new SnapvmError('SNAPVM_CONFIG_VALUE', message, { option: place });
  }
  seen.set(value, place);
}

function tooMany(option: string, count: number, most: number): SnapvmError {
  const message = `${option} has ${count} entries; there may be at most ${most}`;
  return new SnapvmError('SNAPVM_CONFIG_VALUE', message, { option });
}
