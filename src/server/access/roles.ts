/** Who makes a request, and what a request may do. */
import { SnapvmError } from '../../base/errors.js';

/** What a token is for: `admin` may all that `deploy` may, and `deploy` all that `call` may. */
export type Role = 'call' | 'deploy' | 'admin';

/** From the least to the most. */
export const ROLES: readonly Role[] = ['call', 'deploy', 'admin'];

/** In whose name a request is made. */
export interface Principal {
  /** Whose functions it sees: its own tenant's, with every role. */
  readonly tenant: string;
  /** Its roles, and those that they include. */
  readonly roles: ReadonlySet<Role>;
  /** The name of its token, for logs. It is no secret. */
  readonly name: string;
}

/** The roles, and those that they include. */
export function withIncluded(roles: Iterable<Role>): ReadonlySet<Role> {
  const most = Math.max(...Array.from(roles, (role) => ROLES.indexOf(role)));
  return new Set(ROLES.slice(0, most + 1));
}

/** @throws SnapvmError `SNAPVM_SERVER_FORBIDDEN` when the principal has not that role */
export function requireRole({ tenant, roles, name }: Principal, role: Role): void {
  if (roles.has(role)) return;
  throw new SnapvmError(
    'SNAPVM_SERVER_FORBIDDEN',
    `the token "${name}" of the tenant "${tenant}" has not the role "${role}": use one that has it`,
    { role },
  );
}
