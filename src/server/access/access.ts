/** Who a request comes from. */
import { timingSafeEqual } from 'node:crypto';
import { SnapvmError } from '../../base/errors.js';
import { checkAccess, type TenantQuota } from './config.js';
import { type Principal, ROLES, withIncluded } from './roles.js';
import { digestOf } from './tokens.js';

/** A longer header is not looked at. */
const MOST_HEADER_LENGTH = 1024;
/** RFC 6750; the scheme's case does not matter. */
const BEARER = /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i;
const NO_QUOTA: TenantQuota = Object.freeze({});
/** Of a server without tokens. */
const EVERYBODY: Principal = Object.freeze({ tenant: 'default', roles: new Set(ROLES), name: 'everybody' });

interface Known {
  readonly digest: Buffer;
  readonly principal: Principal;
}

/** The tokens that a server takes, and the tenants they are of. */
export class Access {
  /** Whether anybody may do anything: there are no tokens. */
  readonly open: boolean;
  readonly #known: readonly Known[];
  readonly #tenants: ReadonlyMap<string, TenantQuota>;

  private constructor(open: boolean, known: readonly Known[], tenants: ReadonlyMap<string, TenantQuota>) {
    this.open = open;
    this.#known = known;
    this.#tenants = tenants;
  }

  /** Everybody is the tenant `default` with all roles and no quotas: for one's own machine. */
  static none(): Access {
    return new Access(true, [], new Map([[EVERYBODY.tenant, NO_QUOTA]]));
  }

  /**
   * The tokens of a configuration: an object, or the path (or file: URL) of a JSON file with one in it.
   * @throws SnapvmError `SNAPVM_CONFIG_*`, with the place (`tokens[2].roles[0]`)
   */
  static from(config: unknown): Access {
    const { tokens, tenants } = checkAccess(config);
    const known = tokens.map(({ name, tenant, roles, sha256 }) => ({
      digest: Buffer.from(sha256, 'hex'),
      principal: Object.freeze({ tenant, roles: withIncluded(roles), name }),
    }));
    return new Access(false, known, tenants);
  }

  /** The names of all tenants. */
  get tenants(): readonly string[] {
    return [...this.#tenants.keys()];
  }

  /** The quotas of a tenant: what `Quotas` is made with. */
  quotaOf(tenant: string): TenantQuota {
    return this.#tenants.get(tenant) ?? NO_QUOTA;
  }

  /**
   * Whose request it is, by the value of its `authorization` header.
   * @throws SnapvmError `SNAPVM_SERVER_UNAUTHORIZED`; no message quotes the header
   */
  authenticate(authorization: string | undefined): Principal {
    if (this.open) return EVERYBODY;
    const found = this.#find(digestOf(tokenIn(authorization)));
    if (found === undefined) throw unauthorized('nobody has the token of this request');
    return found;
  }

  /** Compares with each, whichever is equal: how long it takes says nothing of the tokens. */
  #find(digest: Buffer): Principal | undefined {
    let found: Principal | undefined;
    for (const known of this.#known) {
      if (timingSafeEqual(known.digest, digest)) found = known.principal;
    }
    return found;
  }
}

function tokenIn(authorization: string | undefined): string {
  if (authorization === undefined || authorization === '') throw unauthorized('the request has no token');
  if (authorization.length > MOST_HEADER_LENGTH) {
    throw unauthorized(`the authorization header is longer than ${MOST_HEADER_LENGTH} characters`);
  }
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) throw unauthorized('the authorization header is not of the form "Bearer TOKEN"');
  return token;
}

function unauthorized(what: string): SnapvmError {
  return new SnapvmError('SNAPVM_SERVER_UNAUTHORIZED', `${what}: send "authorization: Bearer TOKEN"`);
}
