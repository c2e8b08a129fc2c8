/** Packages of the server are optional: what is missing is said when it is wanted. */

import { SnapvmError } from '../base/errors.js';
import { messageOf } from '../base/realms.js';

/**
 * Loads what needs optional packages.
 * @throws SnapvmError `SNAPVM_SERVER_PACKAGES`
 */
export async function withPackages<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const [, name] =
      /Cannot find (?:package|module) '((?:@[^/']+\/)?[^/'.][^/']*)/.exec(messageOf(cause)) ?? [];
    const { code } = Object(cause) as { readonly code?: unknown };
    if (name === undefined || !/^(ERR_)?MODULE_NOT_FOUND$/.test(String(code))) throw cause;
    throw new SnapvmError(
      'SNAPVM_SERVER_PACKAGES',
      `the server needs the package ${name}, which is not installed; npm install snapvm --include=optional installs ` +
        'all that it needs',
      { package: name },
      { cause },
    );
  }
}
