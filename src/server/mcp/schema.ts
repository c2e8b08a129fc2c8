/** JSON schemas that come from guests. They are handed on, and never used to check anything here. */

import { ToolSchema } from '@modelcontextprotocol/sdk/types.js';

const MOST_CHARACTERS = 16_384;
const MOST_LEVELS = 32;

/** Why a value, which came as JSON, is no schema of a tool's arguments; `undefined` if it is one. */
export function schemaProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'it is no object';
  if (!isShallow(value, MOST_LEVELS)) return `it is nested more than ${MOST_LEVELS} levels deep`;
  if (JSON.stringify(value).length > MOST_CHARACTERS)
    return `its JSON has more than ${MOST_CHARACTERS} characters`;
  if (leadsOut(value)) return 'a $ref leads out of it';
  if ((value as { readonly type?: unknown }).type !== 'object') return 'its type is not "object"';
  // One that clients refuse would cost them the whole list.
  const { success } = ToolSchema.safeParse({ name: 'f', inputSchema: value });
  return success ? undefined : 'its properties or required are not what a JSON schema has';
}

function isShallow(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((one) => isShallow(one, levels - 1));
}

/** A client might load what is somewhere else. */
function leadsOut(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(
    ([key, one]) =>
      (/^\$(?:ref|dynamicRef|recursiveRef)$/.test(key) && typeof one === 'string' && !one.startsWith('#')) ||
      leadsOut(one),
  );
}
