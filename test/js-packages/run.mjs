// npm run test:packages: uses each package in Node and in a guest, and compares the answers. It fails when a package
// that is not in known.json does not answer as in Node, and when one that is in it does.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Engine } from '../../dist/src/index.js';
import { installPackages } from './install.mjs';
import { runTask } from './task.mjs';
import { complaints, shardOf, table, without } from './verdict.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const HELP = `npm run test:packages -- [options]

  --filter NAME   packages with this in their names only
  --shard 1/2     the first half of the packages
  --json          the results as JSON on the standard output, the table on the standard error
  --prune         takes those that work now out of known.json
  --folder PATH   other packages: a folder with tasks/, known.json, needs.json (nothing is installed)
`;

/** Nobody reads what they print. */
const silent = () => {};
const SILENT = { error: silent, warn: silent, info: silent, debug: silent, trace: silent };

const { values } = parseArgs({
  options: {
    filter: { type: 'string' },
    shard: { type: 'string', default: '1/1' },
    json: { type: 'boolean', default: false },
    prune: { type: 'boolean', default: false },
    folder: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});

/** @returns {string[]} the packages that have a task */
function packagesIn(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => name.slice(0, -'.mjs'.length))
    .sort();
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}

/** As many at a time as there are processors: each is one process of Node, and then one guest. */
async function runAll(engine, names, toTask) {
  const results = new Map();
  const left = [...names];
  const lane = async () => {
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      const result = await runTask(engine, toTask(name));
      results.set(name, result);
      process.stderr.write(
        `${result.works ? 'works ' : 'FAILS '} ${name} (${(result.ms / 1000).toFixed(1)} s)\n`,
      );
    }
  };
  await Promise.all(Array.from({ length: Math.min(8, availableParallelism()) }, lane));
  return new Map(names.map((name) => [name, results.get(name)]));
}

async function main() {
  if (values.help) return process.stdout.write(HELP);
  const folder = resolve(values.folder ?? HERE);
  if (values.folder === undefined) installPackages(folder);
  const tasks = join(folder, 'tasks');
  const all = packagesIn(tasks);
  const names = shardOf(
    all.filter((name) => name.includes(values.filter ?? '')),
    values.shard,
  );
  if (names.length === 0) throw new Error(`no package has ${JSON.stringify(values.filter)} in its name`);
  const known = readJson(join(folder, 'known.json'));
  const needs = readJson(join(folder, 'needs.json'));
  const engine = await Engine.start({ workers: Math.min(8, availableParallelism()), logger: SILENT });
  const results = await runAll(engine, names, (name) => ({
    file: join(tasks, `${name}.mjs`),
    policy: needs[name] ?? {},
  }));
  await engine.close();
  const wrong = complaints(results, known, needs, all);
  const report = `${table(results, known, needs)}\n${wrong.map((line) => `\n${line}`).join('')}`;
  (values.json ? process.stderr : process.stdout).write(`${report.trimEnd()}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify(Object.fromEntries(results), undefined, 2)}\n`);
  if (values.folder === undefined && names.length === all.length)
    writeFileSync(join(HERE, '../../dist/js-packages.json'), JSON.stringify(Object.fromEntries(results)));
  if (values.prune) {
    const path = join(folder, 'known.json');
    writeFileSync(path, `${JSON.stringify(without(known, results), undefined, 2)}\n`);
    process.stderr.write(`${relative('', path)} has only those that fail\n`);
  }
  if (wrong.length > 0) process.exitCode = 1;
}

await main().catch((error) => {
  console.error(`test:packages: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
});
