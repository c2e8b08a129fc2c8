// Which files of a checkout of test262 are tests, and what they say about themselves.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const LEFT_OUT = ['Temporal', 'Atomics', 'SharedArrayBuffer'];
const FOLDER_LEFT_OUT = 'intl402/';

/**
 * @returns {{ flags: string[], features: string[], includes: string[], negative?: { type: string, phase: string } }}
 */
export function metadataOf(text) {
  const yaml = /\/\*---([\s\S]*?)---\*\//.exec(text)?.[1].replaceAll(/\r\n?/g, '\n') ?? '';
  const list = (name) => {
    const inline = new RegExp(`^${name}: *\\[([^\\]]*)\\]`, 'm').exec(yaml)?.[1].split(',');
    const block = new RegExp(`^${name}: *\\n((?: *- .*\\n?)+)`, 'm').exec(yaml)?.[1].split('\n');
    return (inline ?? block ?? []).map((each) => each.replace(/^ *- /, '').trim()).filter(Boolean);
  };
  const [, type] = /^negative:(?: *\n(?: +.*\n)*?)? +type: *(\w+)/m.exec(yaml) ?? [];
  const [, phase] = /^ +phase: *(\w+)/m.exec(yaml) ?? [];
  return {
    flags: list('flags'),
    features: list('features'),
    includes: list('includes'),
    ...(type && { negative: { type, phase } }),
  };
}

/** @returns {string[]} paths below test/, every Nth of those that are tests */
export function chosenTests(root, every) {
  return readdirSync(join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.js') && !name.includes('_FIXTURE'))
    .sort()
    .filter((_, index) => index % every === 0);
}

export function isLeftOut(path, { features }) {
  return path.startsWith(FOLDER_LEFT_OUT) || features.some((name) => LEFT_OUT.includes(name));
}

/** Whether it imports, or is a module: what a bundler has a part in. */
export function isOfModules({ flags, features }) {
  return flags.includes('module') || features.includes('dynamic-import');
}

/** Syntax that the engine does not know. The bundler, which all functions pass, makes of it what the engine knows. */
const BUNDLER_SYNTAX = ['import-defer', 'source-phase-imports', 'decorators'];

export function isOfBundler({ features }) {
  return features.some((name) => BUNDLER_SYNTAX.includes(name));
}
