// A working directory that is gone, or that may not be entered.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { withEsbuild } from '../../src/guests/js/esbuild-service.js';
import { openToOthers } from '../support/conditions.js';
import { INDEX, runModule } from '../support/engine.js';
import { errorOf } from '../support/js.js';
import { guestPath, TEST_BACKEND } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

/** Calls a function of each kind, and says what relative paths come to: a code for each. */
const LIFE = `
const { Engine } = await import(${JSON.stringify(INDEX)});
const tell = (step) => step.then(() => 'ok', (error) => error.code + (/working directory/.test(error.message) ? '!' : ''));
const engine = await Engine.start({ workers: 1 });
REMOVE
const linux = ${JSON.stringify(guestPath('conformance/linux'))};
const found = [
  await tell(engine.define('text', { js: 'export default () => 1;' })),
  await tell(engine.call('text')),
  await tell(engine.define('file', { js: { file: MODULE } })),
  await tell(engine.call('file')),
  await tell(engine.define('elf', { elf: ${JSON.stringify(guestPath('examples/echo'))} })),
  await tell(engine.define('linux', { linux })),
  await tell(engine.define('r1', { js: { file: 'f.js' } })),
  await tell(engine.define('r2', { elf: 'f.elf' })),
  await tell(engine.define('r3', { linux, files: { '/f': 'f.txt' } })),
  await tell(engine.define('r4', { js: 'import "ava"; export default () => 1;' })),
  await tell(Engine.start({ workers: 1, store: 'store' })),
];
await engine.close();
console.log(found.join(' '));`;

function folders(t: ExecutionContext): { root: string; gone: string; module: string } {
  const root = mkdtempSync(join(tmpdir(), 'snapvm-cwd-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  const [gone, module] = [join(root, 'gone'), join(root, 'module.js')];
  mkdirSync(gone);
  writeFileSync(module, 'import { two } from "./two.js"; export default () => two;');
  writeFileSync(join(root, 'two.js'), 'export const two = 2;');
  return { root, gone, module };
}

const KINDS = 'ok ok ok ok ok ok';

for (const loaded of [false, true]) {
  test.serial(
    `a folder that was removed${loaded ? ', after the program had loaded esbuild itself' : ''}`,
    async (t) => {
      const { gone, module } = folders(t);
      const child = await runModule(`
const { rmdirSync } = await import('node:fs');
process.chdir(${JSON.stringify(gone)});
${loaded ? `await import(${JSON.stringify(import.meta.resolve('esbuild'))});` : ''}
const MODULE = ${JSON.stringify(module)};
${LIFE.replace('REMOVE', `rmdirSync(${JSON.stringify(gone)});`)}`);
      // Node remembers the folder for a program that has asked for it.
      const relative = loaded
        ? 'SNAPVM_JS_BUNDLE SNAPVM_ELF_FILE SNAPVM_LINUX_FILES SNAPVM_JS_BUNDLE'
        : 'SNAPVM_JS_BUNDLE! SNAPVM_ELF_FILE! SNAPVM_LINUX_FILES! SNAPVM_JS_BUNDLE! SNAPVM_STORE_DIRECTORY!';
      t.true(child.stdout.startsWith(`${KINDS} ${relative}`), child.stdout + child.stderr);
    },
  );
}

// Root may enter everything.
const asRoot = process.geteuid?.() === 0;
const access = asRoot ? openToOthers(TEST_BACKEND) : { value: true as const };
testWith(access, 'a folder that may not be entered', async (t) => {
  const { root, gone, module } = folders(t);
  chmodSync(root, 0o755);
  chmodSync(gone, 0o700);
  if (!asRoot) chmodSync(gone, 0);
  const child = await runModule(`
process.chdir(${JSON.stringify(asRoot ? gone : root)});
${asRoot ? 'process.setegid(65534); process.seteuid(65534);' : ''}
const MODULE = ${JSON.stringify(module)};
${LIFE.replace('REMOVE', '')}`);
  t.regex(
    child.stdout,
    new RegExp(`^${KINDS} SNAPVM_JS_BUNDLE SNAPVM_ELF_FILE SNAPVM_LINUX_FILES SNAPVM_JS_BUNDLE`),
    child.stderr,
  );
});

// Node itself asks each new thread for its working directory.
test.serial('an engine that is started in a folder that was removed says what to do', async (t) => {
  const { gone } = folders(t);
  const child = await runModule(`
const { rmdirSync } = await import('node:fs');
const { Engine } = await import(${JSON.stringify(INDEX)});
process.chdir(${JSON.stringify(gone)});
rmdirSync(${JSON.stringify(gone)});
await Engine.start({ workers: 1 }).catch(({ code, message }) => console.log(code, message));`);
  t.regex(child.stdout, /^SNAPVM_ENGINE_WORKER_LOST .*process\.chdir/, child.stderr);
});

test.serial('esbuild is not waited for without end', async (t) => {
  const error = await errorOf(withEsbuild(() => new Promise(() => {}), { ms: 50, bytes: 2 ** 40 }));
  t.is(error.code, 'SNAPVM_JS_BUNDLE');
  t.regex(error.message, /did not answer for 0.05 s/);
});
