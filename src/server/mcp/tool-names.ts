/** Names of tools for functions: letters, digits, `_` and `-`, at most 64, which every client takes. */

import { createHash } from 'node:crypto';

const PREFIX = 'fn_';
const MOST = 64;
const DIGITS = 8;
/** What ends like this could be the name of another function. */
const WITH_DIGITS = new RegExp(`_[0-9a-f]{${DIGITS}}$`);

/** The name of a function's tool: the function's own, or, where that cannot be, one with digits of its hash. */
export function toolName(name: string): string {
  if (isPlain(name)) return PREFIX + name;
  const digits = createHash('sha256').update(name).digest('hex').slice(0, DIGITS);
  const room = MOST - PREFIX.length - DIGITS - 1;
  return `${PREFIX}${name.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, room)}_${digits}`;
}

/** The function whose name says it itself; `undefined` if it has to be looked for. */
export function functionNamed(tool: string): string | undefined {
  const name = tool.slice(PREFIX.length);
  return isOfFunction(tool) && isPlain(name) ? name : undefined;
}

/** Whether a tool of that name could be one of a function. */
export function isOfFunction(tool: string): boolean {
  return tool.startsWith(PREFIX) && tool.length <= MOST;
}

function isPlain(name: string): boolean {
  return /^[A-Za-z0-9_-]+$/.test(name) && PREFIX.length + name.length <= MOST && !WITH_DIGITS.test(name);
}
