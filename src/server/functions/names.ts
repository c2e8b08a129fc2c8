/** Names of functions, aliases and tenants. */

import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

export function isName(name: unknown): name is string {
  return typeof name === 'string' && NAME.test(name);
}

/** @param what It is a name of. @throws SnapvmError `SNAPVM_SERVER_NAME` */
export function checkName(what: 'function' | 'alias' | 'tenant', name: unknown): string {
  if (isName(name)) return name;
  const allowed = '1 to 64 letters, digits, "_", "." and "-", the first one a letter or a digit';
  throw new SnapvmError(
    'SNAPVM_SERVER_NAME',
    `the name of the ${what} is ${show(name)}; it must be ${allowed}`,
    {
      what,
    },
  );
}

/** What messages call a function. */
export function shownFunction({ name }: { readonly name: string }): string {
  return `the function ${JSON.stringify(name)}`;
}

/** The tenant in what the engine calls a version. */
export function tenantIn(engineName: string): string {
  return engineName.slice(0, engineName.indexOf('/'));
}

/** What the engine calls a version. */
export function engineName(
  { tenant, name }: { readonly tenant: string; readonly name: string },
  revision: number,
): string {
  return `${tenant}/${name}@${revision}`;
}
