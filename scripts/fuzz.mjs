// npm run fuzz: builds the targets of fuzz/ with libFuzzer, ASan and UBSan, and runs them in turn. --minutes N is the
// time of all together (2), --target NAME runs one, --keep writes what was found into fuzz/corpora, minimised,
// --require makes a missing compiler a failure. An input that a target fails on is kept and printed; then it exits with 1.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const CORPORA = join(PROJECT, 'fuzz/corpora');
const BUILD = join(PROJECT, 'build/fuzz');
/** The longest input of each, in bytes. */
const TARGETS = { message: 512, file_archive: 1024, process_state: 8192, system_calls: 2049, exits: 2048 };
/** Of a corpus in the repository, as text; all together stay below 300 KB. */
const MOST_KEPT_BYTES = 56_000;
const SECONDS_FOR_ONE_INPUT = 60;
const MOST_RSS_MIB = 2048;

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '2' },
    target: { type: 'string' },
    keep: { type: 'boolean', default: false },
    require: { type: 'boolean', default: false },
  },
});

/** @returns {string | undefined} why there can be no targets, and what to do about it */
function missing() {
  const version = spawnSync('clang++', ['-dumpversion'], { encoding: 'utf8' });
  if (version.status !== 0)
    return 'clang++ is missing. On Debian: sudo apt-get install clang libclang-rt-dev';
  const trial = 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }';
  const options = ['-fsanitize=fuzzer,address,undefined', '-x', 'c++', '-', '-o', '/dev/null'];
  if (spawnSync('clang++', options, { input: trial }).status === 0) return undefined;
  const major = version.stdout.trim().split('.')[0];
  return `clang's libFuzzer and sanitizers are missing. On Debian: sudo apt-get install libclang-rt-${major}-dev`;
}

function emptyFolder(...parts) {
  const folder = join(BUILD, ...parts);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A corpus is a text, one input a line, so that it is one file and a diff shows what came. */
function unpackCorpus(name) {
  const folder = emptyFolder('corpora', name);
  let text = '';
  try {
    text = readFileSync(join(CORPORA, `${name}.txt`), 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  for (const [index, line] of text.split('\n').filter(Boolean).entries())
    writeFileSync(join(folder, `${index}`.padStart(5, '0')), Buffer.from(line, 'base64'));
  return folder;
}

function packCorpus(name, folders) {
  const merged = emptyFolder('merged', name);
  runTarget(name, ['-merge=1', `-max_len=${TARGETS[name]}`, merged, ...folders]);
  const inputs = readdirSync(merged)
    .map((file) => readFileSync(join(merged, file)))
    .sort((a, b) => a.length - b.length || a.compare(b));
  let text = '';
  for (const line of inputs.map((bytes) => `${bytes.toString('base64')}\n`))
    if (line.length > 1 && text.length + line.length <= MOST_KEPT_BYTES) text += line;
  mkdirSync(CORPORA, { recursive: true });
  writeFileSync(join(CORPORA, `${name}.txt`), text);
  console.log(`${name}: ${text.split('\n').length - 1} of ${inputs.length} inputs kept`);
}

function runTarget(name, args) {
  const limits = [
    `-timeout=${SECONDS_FOR_ONE_INPUT}`,
    `-rss_limit_mb=${MOST_RSS_MIB}`,
    `-artifact_prefix=${join(BUILD, 'failed', `${name}-`)}`,
  ];
  const env = { ...process.env, ASAN_OPTIONS: 'quarantine_size_mb=16', UBSAN_OPTIONS: 'print_stacktrace=1' };
  return spawnSync(join(BUILD, name), [...limits, ...args], { encoding: 'utf8', maxBuffer: 1 << 28, env });
}

/** @returns {boolean} whether nothing was found */
function fuzz(name, seconds) {
  const found = emptyFolder('found', name);
  const corpus = unpackCorpus(name);
  const options = ['-print_final_stats=1', `-max_total_time=${seconds}`, `-max_len=${TARGETS[name]}`];
  const { status, signal, stderr } = runTarget(name, [...options, '-len_control=0', found, corpus]);
  const coverage = [...stderr.matchAll(/cov: (\d+) ft: (\d+)/g)].at(-1);
  const executed = Number(/number_of_executed_units: (\d+)/.exec(stderr)?.[1] ?? 0);
  const figures = `${executed} runs in ${seconds} s, ${coverage?.[1] ?? 0} edges, ${readdirSync(found).length} new inputs`;
  if (status === 0) {
    console.log(`ok      ${name}: ${figures}`);
    if (values.keep) packCorpus(name, [corpus, found]);
    return true;
  }
  console.log(stderr.split('\n').slice(-60).join('\n'));
  console.log(`FAILED  ${name} (${signal ?? `status ${status}`}): ${figures}`);
  const file = /Test unit written to (\S+)/.exec(stderr)?.[1];
  if (file) {
    console.log(`The input is ${file}. Run it again: ${join(BUILD, name)} ${file}`);
    console.log(`Elsewhere first: echo ${readFileSync(file).toString('base64')} | base64 -d > input`);
  }
  return false;
}

const minutes = Number(values.minutes);
const names = values.target === undefined ? Object.keys(TARGETS) : [values.target];
if (!(minutes > 0) || !names.every((name) => name in TARGETS)) {
  console.error(
    `snapvm: --minutes takes a number above 0, --target one of ${Object.keys(TARGETS).join(', ')}`,
  );
  process.exit(1);
}
const reason = missing();
if (reason !== undefined) {
  console.log(`${values.require ? 'FAILED ' : 'skipped'} fuzz: ${reason}`);
  process.exit(values.require ? 1 : 0);
}
const goals = names.map((name) => `../build/fuzz/${name}`);
const make = ['-s', `-j${availableParallelism()}`, '-C', join(PROJECT, 'fuzz'), ...goals];
const built = spawnSync('make', make, { encoding: 'utf8', maxBuffer: 1 << 28 });
if (built.status !== 0) {
  console.error(`${built.stdout}${built.stderr}${built.error ?? ''}`);
  console.error('snapvm: the fuzz targets could not be built; the compiler says why above');
  process.exit(1);
}
emptyFolder('failed');
const seconds = Math.max(1, Math.round((minutes * 60) / names.length));
const failed = names.filter((name) => !fuzz(name, seconds));
if (failed.length > 0) {
  console.log(`failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
