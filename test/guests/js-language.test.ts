// Over three hundred programs over the whole language and library: a guest answers what Node answers. What differs is in
// support/js-differences.ts, with its reason; a difference that is gone has to go there, too.
import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import test from 'ava';
import { Engine, SnapvmError } from '../../src/index.js';
import { DIFFERENCES } from '../support/js-differences.js';

const ROOT = fileURLToPath(new URL('../../../test/js-programs/', import.meta.url));
const LEAST = 300;

// A guest's time zone.
process.env['TZ'] = 'UTC';

const names = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.mjs'))
  .map((name) => name.slice(0, -'.mjs'.length))
  .sort();
const groups = groupBy(names);
let engine: Engine;
let equal = 0;

test.before(async () => {
  engine = await Engine.start({ workers: 2 });
});
test.after.always(() => engine.close());

for (const [group, members] of groups) {
  test.serial(`programs about ${group} answer as they do in Node`, async (t) => {
    for (const name of members) {
      const places = differences(await inNode(name), await inGuest(name));
      t.deepEqual(places, [...(DIFFERENCES[name]?.places ?? [])], name);
      if (places.length === 0) equal += 1;
    }
  });
}

test.serial('there are enough of them, and every difference is one of them', (t) => {
  t.true(equal >= LEAST, `${equal} programs answer the same`);
  t.deepEqual(
    Object.keys(DIFFERENCES).filter((name) => !names.includes(name)),
    [],
  );
});

function groupOf(name: string): string {
  return name.slice(0, name.indexOf('/'));
}

function groupBy(all: readonly string[]): Map<string, string[]> {
  const map = new Map<string, string[]>();
  for (const name of all) map.set(groupOf(name), [...(map.get(groupOf(name)) ?? []), name]);
  return map;
}

async function inNode(name: string): Promise<unknown> {
  const module = (await import(pathToFileURL(`${ROOT}${name}.mjs`).href)) as { default: () => unknown };
  return JSON.parse(JSON.stringify((await module.default()) ?? null));
}

/** The answer, or what went wrong as text, which no program answers. */
async function inGuest(name: string): Promise<unknown> {
  try {
    const handle = await engine.define(
      'program',
      { js: { file: `${ROOT}${name}.mjs` } },
      { timeoutMs: 20_000, values: 'json' },
    );
    return (await handle.call()) ?? null;
  } catch (error) {
    if (error instanceof SnapvmError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** Where two answers differ: the innermost places, or '' when they are of different kinds or in another order. */
function differences(one: unknown, other: unknown, place = ''): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  if (!isObject(one) || !isObject(other)) return [place];
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  const inside = [...keys].flatMap((key) => differences(one[key], other[key], `${place}.${key}`));
  return inside.length === 0 ? [place] : inside;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
