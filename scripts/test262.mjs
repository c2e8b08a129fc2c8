// node scripts/test262.mjs CHECKOUT: runs every tenth test of a checkout of tc39/test262 in a guest, and prints the
// rates by folder. docs/javascript-conformance.md has the rates, and says what fails and why.
// A test runs once, in sloppy mode unless it says otherwise. What needs Temporal, Atomics or SharedArrayBuffer by its
// own tags is left out, and the folder intl402; nothing else. Tests of syntax that the engine does not know and the
// bundler does (tags: import-defer, source-phase-imports, decorators) are bundled, as functions of users are.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Engine } from '../dist/src/index.js';
import { BundledTests } from './test262/bundled.mjs';
import { hostFunctionsFor, TestHost } from './test262/host.mjs';
import { chosenTests, isLeftOut, isOfBundler, isOfModules, metadataOf } from './test262/tests.mjs';

const HELP = `node scripts/test262.mjs CHECKOUT [options]

  --every N       each Nth file in sorted order (10)
  --filter TEXT   of these, files with this in their paths
  --bundled       only those that import or are modules, bundled as functions of users are
  --failures      a line for each test that failed, with the reason, on the standard error
  --json          the rates as JSON

CHECKOUT is a folder with https://github.com/tc39/test262. Where none can be had, the project's own programs stand
for it: npm test -- dist/test/guests/js-language.test.js
`;

/** @returns {Promise<{ path: string, passed: boolean }[]>} */
async function runAll({ run, root, paths, isChosen, onFailure }) {
  const results = [];
  const left = [...paths];
  const lane = async () => {
    for (let path = left.shift(); path !== undefined; path = left.shift()) {
      const text = readFileSync(join(root, 'test', path), 'utf8');
      const metadata = metadataOf(text);
      if (isLeftOut(path, metadata) || !isChosen(metadata)) continue;
      const reason = await run(path, text, metadata);
      results.push({ path, passed: reason === '' });
      if (reason !== '') onFailure(path, reason);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return results;
}

/** @returns {Record<string, { passed: number, tests: number, percent: number }>} by folder, and of all */
function ratesOf(results) {
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
      bundled: { type: 'boolean', default: false },
      failures: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const [root] = positionals;
  if (values.help || root === undefined) return process.stdout.write(HELP);
  const paths = chosenTests(root, Number(values.every)).filter((path) => path.includes(values.filter));
  const silent = () => {};
  const logger = { error: silent, warn: silent, info: silent, debug: silent, trace: silent };
  const hostFunctions = hostFunctionsFor(root);
  const engine = await Engine.start({ workers: availableParallelism(), logger, hostFunctions });
  const host = new TestHost(root);
  const bundled = new BundledTests(root);
  try {
    bundled.start(engine);
    await host.start(engine);
    const run = (path, text, metadata) =>
      (values.bundled || isOfBundler(metadata) ? bundled : host).run(path, text, metadata);
    const isChosen = values.bundled ? isOfModules : () => true;
    const onFailure = (path, reason) =>
      values.failures && process.stderr.write(`${path}: ${reason.split('\n')[0]}\n`);
    const rates = ratesOf(await runAll({ run, root, paths, isChosen, onFailure }));
    const line = ([name, { passed, tests: count, percent }]) =>
      `${name.padEnd(10)} ${String(passed).padStart(6)} of ${String(count).padStart(6)}  ${percent.toFixed(2)} %\n`;
    process.stdout.write(
      values.json ? `${JSON.stringify(rates, undefined, 2)}\n` : Object.entries(rates).map(line).join(''),
    );
  } finally {
    bundled.close();
    await engine.close();
  }
}

await main();
