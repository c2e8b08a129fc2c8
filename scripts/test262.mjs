// node scripts/test262.mjs CHECKOUT: runs every tenth test of a checkout of tc39/test262 in a guest, and prints the rates
// by folder. A test runs once, in sloppy mode unless it says otherwise. What needs Temporal, Atomics or SharedArrayBuffer
// by its own tags is left out, and the folder intl402; nothing else.
// A script is evaluated as it is, by indirect eval in a call, and each call is fresh: what differs between an eval and a
// script (its let and const are no globals, its functions can be deleted) counts as failed. A module is bundled, as
// those of users are, and so is a script that imports. There are no other realms and no agents.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from '../dist/src/index.js';

const HELP = `node scripts/test262.mjs CHECKOUT [options]

  --every N       each Nth file in sorted order (10)
  --filter TEXT   of these, files with this in their paths
  --failures      a line for each test that failed, with the reason, on the standard error
  --json          the rates as JSON
`;
const LEFT_OUT = ['Temporal', 'Atomics', 'SharedArrayBuffer'];
const FOLDER_LEFT_OUT = 'intl402/';
const POLICY = {
  timeoutMs: 10_000,
  initTimeoutMs: 10_000,
  inputBytes: 8 * 2 ** 20,
  heapBytes: 256 * 2 ** 20,
};
const ALWAYS = ['sta.js', 'assert.js', 'doneprintHandle.js'];

/** What the harness finds, in the guest. */
const HOST = `
let done;
const finished = new Promise((resolve) => { done = resolve; });
globalThis.print = (text) => done(String(text));
globalThis.$262 = {
  global: globalThis,
  evalScript: (text) => (0, eval)(text),
  gc() { throw new Error('there is no way to collect'); },
  createRealm() { throw new Error('there are no other realms'); },
  detachArrayBuffer: (buffer) => { structuredClone(buffer, { transfer: [buffer] }); },
  agent: { start() { throw new Error('there are no agents'); } },
  destroy() {},
  AbstractModuleSource: undefined,
  IsHTMLDDA: undefined,
};
globalThis.__finished = finished;
`;

/** What a call does with a script: says how it ended. */
const RUN = `
const nameOf = (error) => String(error?.constructor?.name ?? error?.name ?? typeof error);
export default async function run({ includes, text, isAsync, negative }) {
  const evaluate = eval;
  for (const include of includes) evaluate(include);
  try {
    evaluate(text);
  } catch (error) {
    return negative === undefined ? nameOf(error) + ': ' + String(error?.message ?? error)
      : nameOf(error) === negative ? '' : 'not ' + negative + ' but ' + nameOf(error);
  }
  if (negative !== undefined) return 'no ' + negative;
  if (!isAsync) return '';
  const said = await globalThis.__finished;
  return said === 'Test262:AsyncTestComplete' ? '' : said;
}
`;

/** @returns {{ flags: string[], features: string[], includes: string[], negative?: string, phase?: string }} */
export function metadataOf(text) {
  const yaml = /\/\*---([\s\S]*?)---\*\//.exec(text)?.[1].replaceAll(/\r\n?/g, '\n') ?? '';
  const list = (name) => {
    const inline = new RegExp(`^${name}: *\\[([^\\]]*)\\]`, 'm').exec(yaml)?.[1].split(',');
    const block = new RegExp(`^${name}: *\\n((?: *- .*\\n?)+)`, 'm').exec(yaml)?.[1].split('\n');
    return (inline ?? block ?? []).map((each) => each.replace(/^ *- /, '').trim()).filter(Boolean);
  };
  const [, negative] = /^negative:(?: *\n(?: +.*\n)*?)? +type: *(\w+)/m.exec(yaml) ?? [];
  const [, phase] = /^ +phase: *(\w+)/m.exec(yaml) ?? [];
  return {
    flags: list('flags'),
    features: list('features'),
    includes: list('includes'),
    ...(negative && { negative, phase }),
  };
}

/** @returns {string[]} paths below test/, every Nth of those that are tests */
export function chosenTests(root, every) {
  return readdirSync(join(root, 'test'), { recursive: true })
    .filter((name) => name.endsWith('.js') && !name.endsWith('_FIXTURE.js'))
    .sort()
    .filter((_, index) => index % every === 0);
}

export function isLeftOut(path, { features }) {
  return path.startsWith(FOLDER_LEFT_OUT) || features.some((name) => LEFT_OUT.includes(name));
}

/** In a guest nothing else imports. */
function isBundled({ flags, features, negative }) {
  return flags.includes('module') || (features.includes('dynamic-import') && negative === undefined);
}

/** The harness's own constants are globals, as those of a script are. */
function asGlobals(text) {
  return text.replaceAll(/^(?:let|const) /gm, 'var ').replaceAll(/^class (\w+)/gm, 'var $1 = class $1');
}

class Runner {
  #harness = new Map();
  #defined = 0;

  constructor(root, engine, folder) {
    this.root = root;
    this.engine = engine;
    this.folder = folder;
  }

  async start() {
    const host = `(0, eval)(${JSON.stringify(`{${HOST}}`)});`;
    const harness = ALWAYS.map((name) => `(0, eval)(${JSON.stringify(this.harness(name))});`).join('\n');
    this.prologue = `${host}\n${harness}\n`;
    this.script = await this.engine.define('script', { js: `${this.prologue}${RUN}` }, POLICY);
    this.raw = await this.engine.define('raw', { js: `${host}\n${RUN}` }, POLICY);
    writeFileSync(join(this.folder, 'harness.mjs'), this.prologue);
  }

  harness(name) {
    if (!this.#harness.has(name))
      this.#harness.set(name, asGlobals(readFileSync(join(this.root, 'harness', name), 'utf8')));
    return this.#harness.get(name);
  }

  /** @returns {Promise<string>} '' if it passed, or the reason */
  async run(path, text, metadata) {
    try {
      return isBundled(metadata) ? await this.#module(path, metadata) : await this.#script(text, metadata);
    } catch (error) {
      return `${error.code ?? error.name}: ${error.message}`;
    }
  }

  async #script(text, { flags, includes, negative }) {
    const raw = flags.includes('raw');
    return await (raw ? this.raw : this.script).call({
      includes: raw ? [] : includes.map((name) => this.harness(name)),
      text: flags.includes('onlyStrict') ? `"use strict";\n${text}` : text,
      isAsync: flags.includes('async'),
      ...(negative && { negative }),
    });
  }

  async #module(path, { flags, includes, negative, phase }) {
    const name = `module-${++this.#defined}`;
    const entry = join(this.folder, `${name}.mjs`);
    const load = includes.map((each) => `(0, eval)(${JSON.stringify(this.harness(each))});`).join('\n');
    writeFileSync(join(this.folder, `${name}-includes.mjs`), load);
    const end = flags.includes('async') ? 'globalThis.__finished' : "'Test262:AsyncTestComplete'";
    writeFileSync(
      entry,
      `import './harness.mjs'; import './${name}-includes.mjs';
       import ${JSON.stringify(join(this.root, 'test', path))}; export default async () => ${end};`,
    );
    try {
      const handle = await this.engine.define(name, { js: { file: entry } }, POLICY);
      const said = await handle.call();
      await handle.undefine();
      if (negative) return `no ${negative}`;
      return said === 'Test262:AsyncTestComplete' ? '' : said;
    } catch (error) {
      const early = error.code === 'SNAPVM_JS_SYNTAX' || error.code === 'SNAPVM_JS_BUNDLE';
      const isExpected =
        negative &&
        (phase === 'runtime' ? error.message.includes(negative) : early && negative === 'SyntaxError');
      if (isExpected) return '';
      throw error;
    }
  }
}

async function runAll(runner, root, paths, onFailure) {
  const results = [];
  const left = [...paths];
  const lane = async () => {
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      const text = readFileSync(join(root, 'test', path), 'utf8');
      const metadata = metadataOf(text);
      if (isLeftOut(path, metadata)) continue;
      const reason = await runner.run(path, text, metadata);
      results.push({ path, passed: reason === '' });
      if (reason !== '') onFailure(path, reason);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return results;
}

/** @returns {Record<string, { passed: number, tests: number, percent: number }>} by folder, and of all */
export function ratesOf(results) {
  const folderOf = (path) => path.slice(0, path.indexOf('/'));
  const folders = [...new Set(results.map(({ path }) => folderOf(path)))].sort();
  const rate = (some) => {
    const passed = some.filter((each) => each.passed).length;
    return { passed, tests: some.length, percent: Math.round((passed / some.length) * 10_000) / 100 };
  };
  const rates = folders.map((name) => [name, rate(results.filter(({ path }) => folderOf(path) === name))]);
  return Object.fromEntries([...rates, ['all', rate(results)]]);
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      every: { type: 'string', default: '10' },
      filter: { type: 'string', default: '' },
      failures: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [root] = positionals;
  if (values.help || root === undefined) return process.stdout.write(HELP);
  const paths = chosenTests(root, Number(values.every)).filter((path) => path.includes(values.filter));
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-test262-'));
  const silent = () => {};
  const logger = { error: silent, warn: silent, info: silent, debug: silent, trace: silent };
  const engine = await Engine.start({ workers: availableParallelism(), logger });
  try {
    const runner = new Runner(root, engine, folder);
    await runner.start();
    const say = (path, reason) =>
      values.failures && process.stderr.write(`${path}: ${reason.split('\n')[0]}\n`);
    const rates = ratesOf(await runAll(runner, root, paths, say));
    const line = ([name, { passed, tests, percent }]) =>
      `${name.padEnd(10)} ${String(passed).padStart(6)} of ${String(tests).padStart(6)}  ${percent.toFixed(2)} %\n`;
    process.stdout.write(
      values.json ? `${JSON.stringify(rates, undefined, 2)}\n` : Object.entries(rates).map(line).join(''),
    );
  } finally {
    await engine.close();
    rmSync(folder, { recursive: true });
  }
}

if (process.argv[1] === import.meta.filename) await main();
