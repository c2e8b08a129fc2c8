// npm run test:amd-v: the tests, or any command, under the real kvm_amd, whatever processor this is.
// qemu emulates AMD-V; Debian's kernel runs on it and sees this machine's files, which it cannot change.
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { avaCommand, commandScript, listTests, PROCESSORS, UnmatchedError } from './command.mjs';
import { buildInitramfs } from './initramfs.mjs';
import { runMachine } from './machine.mjs';
import { findParts } from './requirements.mjs';

const USAGE = `usage: npm run test:amd-v -- [--processor NAME] [--filter TEXT]… [--limit MINUTES] [--require] [-- COMMAND…]
  --processor NAME which one is emulated, ${Object.keys(PROCESSORS).join(' or ')} (default amd)
  --filter TEXT    only the test files with TEXT in their path; may be repeated
  --limit MINUTES  how long the whole run may take (default 40)
  --require        fail instead of skipping when something is not installed (implied by CI=true)
  COMMAND…         run this instead of the tests`;
const PROJECT = realpathSync(fileURLToPath(new URL('../..', import.meta.url)));
// Mounted anew in the machine, so a project below them would be out of sight.
const OWN_FOLDERS = /^\/(dev|proc|sys)\//;
const FAILED = 1;
const WRONG_USE = 2;

class UsageError extends Error {}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        processor: { type: 'string', default: 'amd' },
        filter: { type: 'string', multiple: true, default: [] },
        limit: { type: 'string', default: '40' },
        require: { type: 'boolean', default: Boolean(process.env.CI) },
      },
    });
    const processor = PROCESSORS[values.processor];
    if (processor === undefined)
      throw new Error(`--processor: "${values.processor}" is none of ${Object.keys(PROCESSORS).join(', ')}`);
    const limitMs = Number(values.limit) * 60_000;
    if (!(limitMs > 0)) throw new Error(`--limit: "${values.limit}" is not a number of minutes`);
    return { processor, filters: values.filter, limitMs, required: values.require, command: positionals };
  } catch (error) {
    throw new UsageError(`${error.message}\n${USAGE}`);
  }
}

function chooseCommand({ command, filters, processor }) {
  if (command.length > 0) return command;
  return avaCommand(listTests(PROJECT, processor, filters), processor);
}

/** A signal to this process, or the limit, ends the machine; the reason says which. */
function stopOn(limitMs) {
  const controller = new AbortController();
  const minutes = limitMs / 60_000;
  const late = setTimeout(
    () => controller.abort(`stopped: the run took longer than ${minutes} min (--limit)`),
    limitMs,
  );
  late.unref();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.once(name, () => {
      process.exitCode = 128 + constants.signals[name];
      controller.abort(`stopped by ${name}`);
    });
  return controller.signal;
}

async function runInMachine(parts, { processor, limitMs }, command) {
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-amd-v-'));
  try {
    return await runMachine(parts, {
      folder,
      initramfs: buildInitramfs(parts, folder, commandScript(PROJECT, processor, command)),
      cpu: processor.cpu,
      signal: stopOn(limitMs),
      onUp: (seconds) => console.error(`test:amd-v: the machine was up after ${seconds} s`),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main() {
  const options = readArguments();
  if (OWN_FOLDERS.test(PROJECT)) throw new UsageError(`the project must not lie below /dev, /proc or /sys`);
  // First, so that a selection that matches nothing fails also where no machine can be emulated.
  const command = chooseCommand(options);
  const parts = findParts(options.processor.modules);
  if ('missing' in parts) {
    console.log(`test:amd-v ${options.required ? 'failed' : 'skipped'}: ${parts.missing}`);
    return options.required ? FAILED : 0;
  }
  const end = await runInMachine(parts, options, command);
  if ('status' in end) return end.status;
  console.error(`test:amd-v failed: ${end.reason}`);
  if (end.console) console.error(end.console.replaceAll(/^/gm, '  console: '));
  return FAILED;
}

try {
  const status = await main();
  process.exitCode ??= status; // a signal has set it already
} catch (error) {
  if (!(error instanceof UsageError || error instanceof UnmatchedError)) throw error;
  console.error(`test:amd-v: ${error.message}`);
  process.exitCode = WRONG_USE;
}
