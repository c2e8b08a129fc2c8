// The runner of test/js-packages: what is known to fail is no failure, and what is not as the list says is one.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { PROJECT } from '../support/abi-sources.js';

const PACKAGES = join(PROJECT, 'test/js-packages');
const run = promisify(execFile);

interface Ended {
  readonly code: number;
  readonly stdout: string;
}

const WORKS = 'export default async () => ({ sum: await 3, none: undefined });';
/** A guest has no such thing, and nobody will make it. */
const FAILS = 'export default () => process.binding("natives") !== undefined;';
const DIFFERS = 'export default () => [1, { here: typeof snapvm }];';
const BROKEN = 'export default () => { throw new RangeError("in Node, too"); };';

async function packages(
  t: ExecutionContext,
  tasks: Readonly<Record<string, string>>,
  known: Readonly<Record<string, string>> = {},
): Promise<(...args: string[]) => Promise<Ended>> {
  const folder = await mkdtemp(join(tmpdir(), 'snapvm-packages-'));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(tasks)) {
    await mkdir(dirname(join(folder, 'tasks', name)), { recursive: true });
    await writeFile(join(folder, 'tasks', `${name}.mjs`), text);
  }
  await writeFile(join(folder, 'known.json'), JSON.stringify(known));
  await writeFile(join(folder, 'needs.json'), '{}');
  return async (...args) => {
    const command = [join(PACKAGES, 'run.mjs'), '--folder', folder, ...args];
    try {
      return { code: 0, ...(await run(process.execPath, command)) };
    } catch (error) {
      return error as Ended;
    }
  };
}

test('packages that work or are known not to are as they should be', async (t) => {
  const use = await packages(t, { a: WORKS, '@scope/b': FAILS }, { '@scope/b': 'needs Node' });
  const { code, stdout } = await use();
  t.is(code, 0, stdout);
  t.regex(stdout, /^a +works$/m);
  t.regex(stdout, /^@scope\/b +fails +needs Node \(SNAPVM_JS_ERROR: /m);
  t.regex(stdout, /^1 of 2 packages work$/m);
});

test('one that is not known to fail is told of: an error, another answer, Node itself', async (t) => {
  const use = await packages(t, { a: FAILS, b: DIFFERS, c: BROKEN, d: WORKS });
  const { code, stdout } = await use();
  t.is(code, 1);
  t.regex(stdout, /^a does not work: SNAPVM_JS_ERROR: /m);
  t.regex(stdout, /^b does not work: another answer: \.1\.here is "object", in Node "undefined"$/m);
  t.regex(stdout, /^c does not work: Node itself: RangeError: in Node, too$/m);
  t.is((await use('--filter', 'd')).code, 0);
});

test('one that works is no longer known to fail, and --prune takes it out of the list', async (t) => {
  const use = await packages(t, { a: WORKS, b: FAILS }, { a: 'once', b: 'needs Node', gone: 'has no task' });
  const { code, stdout } = await use('--prune');
  t.is(code, 1);
  t.regex(stdout, /^a works now: take it out of known\.json/m);
  t.regex(stdout, /^gone is in known\.json, and has no task$/m);
  const { stdout: again } = await use();
  t.notRegex(again, /works now/);
});

test('parts together are the whole, and --json has each result', async (t) => {
  const use = await packages(t, { a: WORKS, b: WORKS, c: WORKS });
  const parts = [];
  for (const shard of ['1/2', '2/2']) parts.push(JSON.parse((await use('--shard', shard, '--json')).stdout));
  t.deepEqual(parts.map(Object.keys), [['a', 'c'], ['b']]);
  t.like(parts[0].a, { works: true });
  t.is((await use('--shard', '3/2')).code, 1);
});

test('each package has a task, one version, and a reason if it fails', async (t) => {
  const { dependencies } = JSON.parse(await readFile(join(PACKAGES, 'package.json'), 'utf8'));
  const names = (await readdir(join(PACKAGES, 'tasks'), { recursive: true }))
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => name.slice(0, -'.mjs'.length));
  t.deepEqual(names.sort(), Object.keys(dependencies).sort());
  t.true(names.length >= 219);
  for (const [name, version] of Object.entries(dependencies))
    t.regex(String(version), /^(npm:\w+@)?\d+\.\d+\.\d+$/, name);
  const known = JSON.parse(await readFile(join(PACKAGES, 'known.json'), 'utf8'));
  t.deepEqual(
    Object.keys(known).filter((name) => !names.includes(name) || known[name] === ''),
    [],
  );
});

test('docs/js-packages.md says so (node test/js-packages/list.mjs writes it)', async (t) => {
  const { PAGE, pageText } = (await import(pathToFileURL(join(PACKAGES, 'list.mjs')).href)) as {
    readonly PAGE: URL;
    pageText(): string;
  };
  t.is(await readFile(PAGE, 'utf8'), pageText());
});
