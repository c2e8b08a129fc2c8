// Tests in the guest that is made for them (guest/test262): the JavaScript runtime, where scripts are scripts and
// modules are modules.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const GUEST = join(PROJECT, 'dist/test-programs/test262.elf');
const POLICY = {
  timeoutMs: 60_000,
  initTimeoutMs: 60_000,
  inputBytes: 8 * 2 ** 20,
  heapBytes: 256 * 2 ** 20,
  stackBytes: 32 * 2 ** 20,
  maxExits: 1_000_000,
  hostFunctions: ['read'],
};

/** The functions of the host that tests call, for the engine's options. */
export function hostFunctionsFor(root) {
  return { read: (name) => readFileSync(join(root, 'test', Buffer.from(name).toString())) };
}

/** Runs tests of a checkout. */
export class TestHost {
  #harness = new Map();
  #handle;

  constructor(root) {
    this.root = root;
  }

  async start(engine) {
    buildGuest();
    const prelude = readFileSync(join(PROJECT, 'dist/guest/js/prelude.js'));
    const host = readFileSync(join(PROJECT, 'guest/test262/host.js'));
    const initData = Buffer.concat([prelude, host, Buffer.alloc(1)]);
    this.#handle = await engine.define('test262', { elf: GUEST, initData }, POLICY);
  }

  /** @returns {Promise<string>} '' if it passed, or the reason */
  async run(path, text, { flags, includes, negative }) {
    const isAsync = flags.includes('async');
    const names = ['assert.js', 'sta.js', ...(isAsync ? ['doneprintHandle.js'] : []), ...includes];
    const test = {
      path,
      text: flags.includes('onlyStrict') ? `"use strict";\n${text}` : text,
      harness: flags.includes('raw') ? [] : names.map((name) => this.#read(name)),
      isModule: flags.includes('module'),
      isAsync,
      negative,
    };
    try {
      return Buffer.from(await this.#handle.call(JSON.stringify(test))).toString();
    } catch (error) {
      return `${error.code ?? error.name}: ${error.message}`;
    }
  }

  #read(name) {
    if (!this.#harness.has(name))
      this.#harness.set(name, readFileSync(join(this.root, 'harness', name), 'utf8'));
    return this.#harness.get(name);
  }
}

function buildGuest() {
  const command = ['--no-print-directory', '--silent', '-C', join(PROJECT, 'guest'), 'test262'];
  const { status, error } = spawnSync(process.env.MAKE ?? 'make', command, { stdio: ['ignore', 2, 2] });
  if (status !== 0)
    throw new Error(
      `the guest for test262 cannot be built: ${error?.message ?? `make ended with ${status}`}`,
    );
}
