/**
 * Everything that opens files, with so many descriptors left and no more: what each came to, a line of JSON each.
 * Its arguments: the most that are left, a static Linux program, a folder with files, a folder for stores.
 */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { Engine, SnapvmError } = await import('../../src/index.js');
const [, , most = '', linux = '', files = '', stores = ''] = process.argv;
const ECHO = fileURLToPath(new URL('../../guest/examples/echo.elf', import.meta.url));

/** Runs a step while only `left` more files can be opened, whatever holes the table of descriptors has. */
async function withLeft<T>(left: number, step: () => Promise<T>): Promise<T> {
  const open: number[] = [];
  try {
    for (;;) open.push(openSync('/dev/null', 'r'));
  } catch {
    for (const descriptor of open.splice(0, left)) closeSync(descriptor);
  }
  try {
    return await step();
  } finally {
    for (const descriptor of open) closeSync(descriptor);
  }
}

async function report(name: string, left: number, step: () => Promise<unknown>): Promise<void> {
  const outcome = await withLeft(left, step).then(
    () => ({ code: 'ok', message: '' }),
    (error: unknown) =>
      error instanceof SnapvmError
        ? { code: error.code, message: error.message }
        : { code: 'untyped', message: String(error) },
  );
  console.log(JSON.stringify({ name, left, ...outcome }));
}

const program = readFileSync(linux);
const engine = await Engine.start({ workers: 1 });
const imports = `import { expose } from 'comlink'; export default () => typeof expose;`;
// From many to few: once esbuild is running, only what it reads asks for descriptors.
for (let left = Number(most); left >= 0; left--) {
  await report('native', left, () => engine.define(`native-${left}`, { elf: ECHO }));
  await report('files', left, () =>
    engine.define(`linux-${left}`, { linux: program, files: { '/given': files } }),
  );
  await report('packages', left, () => engine.define(`js-${left}`, { js: `${imports} // ${left}` }));
  await report('store', left, async () => {
    const second = await Engine.start({ workers: 1, store: join(stores, `${left}`) });
    await second.close();
  });
}
await engine.close();
