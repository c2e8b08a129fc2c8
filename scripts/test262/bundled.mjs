// Tests that import, or are modules, as functions of users are: bundled into one, and defined.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const POLICY = { timeoutMs: 60_000, initTimeoutMs: 60_000, heapBytes: 256 * 2 ** 20 };
const COMPLETE = 'Test262:AsyncTestComplete';
const EARLY = ['SNAPVM_JS_SYNTAX', 'SNAPVM_JS_BUNDLE'];

/** What the harness finds. */
const HOST = `
let done;
globalThis.__finished = new Promise((resolve) => { done = resolve; });
globalThis.print = (text) => done(String(text));
globalThis.$262 = { global: globalThis, evalScript: (text) => (0, eval)(text) };
`;

export class BundledTests {
  #harness = new Map();
  #defined = 0;

  constructor(root) {
    this.root = root;
  }

  start(engine) {
    this.engine = engine;
    this.folder = mkdtempSync(join(tmpdir(), 'snapvm-test262-'));
    const harness = ['sta.js', 'assert.js', 'doneprintHandle.js'].map((name) => this.#evaluated(name));
    writeFileSync(join(this.folder, 'harness.mjs'), `${asScript(`{${HOST}}`)}\n${harness.join('\n')}\n`);
  }

  close() {
    rmSync(this.folder, { recursive: true });
  }

  /** @returns {Promise<string>} '' if it passed, or the reason */
  async run(path, _text, metadata) {
    try {
      return await this.#run(path, metadata);
    } catch (error) {
      return isExpected(error, metadata) ? '' : `${error.code ?? error.name}: ${error.message}`;
    }
  }

  async #run(path, { flags, includes, negative }) {
    const name = `module-${++this.#defined}`;
    const entry = join(this.folder, `${name}.mjs`);
    const load = includes.map((each) => this.#evaluated(each)).join('\n');
    writeFileSync(join(this.folder, `${name}-includes.mjs`), load);
    const end = flags.includes('async') ? 'globalThis.__finished' : `'${COMPLETE}'`;
    writeFileSync(
      entry,
      `import './harness.mjs'; import './${name}-includes.mjs';
       import ${JSON.stringify(join(this.root, 'test', path))}; export default async () => ${end};`,
    );
    const handle = await this.engine.define(name, { js: { file: entry } }, POLICY);
    const said = await handle.call();
    await handle.undefine();
    if (negative !== undefined) return `no ${negative.type}`;
    return said === COMPLETE ? '' : said;
  }

  #evaluated(name) {
    if (!this.#harness.has(name))
      this.#harness.set(name, asScript(asGlobals(readFileSync(join(this.root, 'harness', name), 'utf8'))));
    return this.#harness.get(name);
  }
}

function isExpected({ code, message }, { negative }) {
  if (negative === undefined) return false;
  if (negative.phase === 'runtime') return message.includes(negative.type);
  return EARLY.includes(code) && negative.type === 'SyntaxError';
}

function asScript(text) {
  return `(0, eval)(${JSON.stringify(text)});`;
}

/** An eval's constants are its own, those of a script are globals. */
function asGlobals(text) {
  return text.replaceAll(/^(?:let|const) /gm, 'var ').replaceAll(/^class (\w+)/gm, 'var $1 = class $1');
}
