/** Options of a server that are read from a file. */

import type { PolicyCeilings } from '../server/http/ceilings.js';
import type { McpOptions } from '../server/mcp/options.js';
import { parseSize, UsageError } from './arguments.js';
import { readInput } from './input.js';

const MOST_FILE_BYTES = 2 ** 20;

/**
 * The most that policies may ask for: names with their values, and files of JSON with them; the last one counts. Names
 * and ranges are the server's to check.
 * @throws UsageError, FileError
 */
export async function mostPolicyIn(texts: readonly string[]): Promise<PolicyCeilings | undefined> {
  if (texts.length === 0) return undefined;
  const ceilings = new Map<string, unknown>();
  for (const text of texts) {
    const found = text.includes('=') ? pairsIn(text) : await readObject('most-policy', text);
    for (const [name, value] of found) ceilings.set(name, value);
  }
  return Object.fromEntries(ceilings) as PolicyCeilings;
}

/** `false`: there are no tools. @throws UsageError, FileError */
export async function mcpIn(
  file: string | undefined,
  withoutTools: boolean,
): Promise<McpOptions | false | undefined> {
  if (file === undefined) return withoutTools ? false : undefined;
  if (withoutTools) throw new UsageError('--mcp and --no-mcp are both given');
  return Object.fromEntries(await readObject('mcp', file)) as McpOptions;
}

function pairsIn(text: string): readonly (readonly [string, number])[] {
  return text.split(',').map((pair) => {
    const [, name = '', given = ''] = /^(\w+)=(.*)$/s.exec(pair) ?? [];
    const value = name.endsWith('Bytes') ? parseSize(given) : wholeIn(given);
    if (value !== undefined) return [name, value];
    throw new UsageError(
      `--most-policy has ${JSON.stringify(pair)}; it must be name=number, such as timeoutMs=5000 or heapBytes=64m, ` +
        'or the path of a JSON file',
    );
  });
}

function wholeIn(text: string): number | undefined {
  return /^\d+$/.test(text) ? Number(text) : undefined;
}

/** @throws UsageError when it is no object of JSON; FileError */
async function readObject(flag: string, file: string): Promise<readonly (readonly [string, unknown])[]> {
  const text = new TextDecoder().decode(await readInput(flag, `@${file}`, MOST_FILE_BYTES));
  const where = `--${flag} ${JSON.stringify(file)}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${where} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  throw new UsageError(`${where} has no object of JSON`);
}
