/** The tenants of the load, what they may use, and their tokens. */
import { createHash, randomBytes } from 'node:crypto';

/** Of the tenant that wants more than it may have. */
export const FLOOD_QUOTA = {
  functions: 3,
  bytes: 64 * 1024,
  concurrent: 4,
  callsPerSecond: 20,
  bodyBytes: 64 * 1024,
} as const;

/** Whose requests: `steady` calls, `maker` deploys, `flood` wants too much, `owner` reads the metrics. */
export type Tenant = 'steady' | 'maker' | 'flood' | 'owner';

const ROLES: Readonly<Record<Tenant, string>> = {
  steady: 'deploy',
  maker: 'deploy',
  flood: 'deploy',
  owner: 'admin',
};
const NAMES = Object.keys(ROLES) as readonly Tenant[];

const TOKENS: ReadonlyMap<Tenant, string> = new Map(
  NAMES.map((name) => [name, `svm_${randomBytes(32).toString('base64url')}`]),
);
/** It may call, and nothing else. */
export const CALLER_TOKEN = `svm_${randomBytes(32).toString('base64url')}`;

export function tokenOf(tenant: Tenant): string {
  return TOKENS.get(tenant) ?? '';
}

/** What `--access` takes. */
export function accessText(): string {
  const token = (name: string, tenant: string, role: string, text: string): object => ({
    name,
    tenant,
    roles: [role],
    sha256: createHash('sha256').update(text).digest('hex'),
  });
  return JSON.stringify({
    tokens: [
      ...NAMES.map((name) => token(name, name, ROLES[name], tokenOf(name))),
      token('caller', 'steady', 'call', CALLER_TOKEN),
    ],
    tenants: { ...Object.fromEntries(NAMES.map((name) => [name, {}])), flood: FLOOD_QUOTA },
  });
}
