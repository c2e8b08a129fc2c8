/** The command line as a user meets it: inspect, doctor, demo; terminals, pipes and signals. One after the other. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, constants, existsSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { probeBackends } from '../../src/engine/backend.js';
import {
  CRASH,
  ECHO,
  EXAMPLES,
  json,
  MAIN,
  type Options,
  onTerminal,
  snapvm,
  whenSpinning,
} from '../support/cli.js';
import type { Found } from '../support/linux-build.js';
import { TEST_BACKEND } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const NO_ELF = fileURLToPath(new URL('../../../package.json', import.meta.url));
const NOBODY = 65534;

// ---- inspect ----

interface Inspection {
  readonly [field: string]: unknown;
  readonly entry: { readonly address: string; readonly symbol: string };
  readonly memory: { readonly heapBytes: number };
  readonly regions: readonly {
    readonly name: string;
    readonly gpa: string;
    readonly gva: string;
    readonly bytes: number;
    readonly rights: string;
    readonly ring: number;
  }[];
  readonly pageTables: {
    readonly base: string;
    readonly tables: number;
    readonly bytes: number;
    readonly pages: readonly { readonly count: number; readonly rights: string; readonly ring: number }[];
  };
}

for (const [file, ...flags] of [['echo.elf'], ['echo.supervisor.elf', '--supervisor']]) {
  test.serial(`inspect ${file} says the same in text and in JSON`, async (t) => {
    const args = ['inspect', join(EXAMPLES, file ?? ''), '--memory-hash', ...flags];
    const seen = (await json(t, args)) as Inspection;
    const { code, stdout } = await snapvm(args);
    t.is(code, 0);
    const text = stdout.toString();
    const { entry, regions, pageTables } = seen;
    for (const field of ['path', 'elf', 'hash', 'memoryHash', 'guestVersion', 'functionSymbols']) {
      t.true(text.includes(String(seen[field])), field);
    }
    t.is(entry.symbol, '_start');
    t.true(text.includes(`${entry.address} (_start)`));
    for (const { name, gpa, gva, rights, ring } of regions) {
      t.regex(text, new RegExp(`^  ${name} +${gpa} +${gva} +\\S+ \\wiB +${rights} +${ring}$`, 'm'));
    }
    t.true(text.includes(`${pageTables.tables} tables`) && text.includes(pageTables.base));
    t.is(pageTables.bytes, pageTables.tables * 4096);
  });

  test.serial(`inspect ${file} counts exactly the pages of the regions`, async (t) => {
    const { regions, pageTables } = (await json(t, [
      'inspect',
      join(EXAMPLES, file ?? ''),
      ...flags,
    ])) as Inspection;
    const expected: Record<string, number> = {};
    for (const { bytes, rights, ring } of regions) {
      const key = `${ring} ${rights}`;
      expected[key] = (expected[key] ?? 0) + bytes / 4096;
    }
    const counted = pageTables.pages.map(({ ring, rights, count }) => [`${ring} ${rights}`, count]);
    t.deepEqual(Object.fromEntries(counted), expected);
  });
}

test.serial('inspect shows the hash that run reports, and options change both', async (t) => {
  for (const flags of [[], ['--heap-bytes', '1m', '--init-data', 'seed']]) {
    const inspected = await json(t, ['inspect', ECHO, ...flags]);
    t.is(inspected['hash'], (await json(t, ['run', ECHO, ...flags]))['hash']);
  }
  const large = (await json(t, ['inspect', ECHO, '--heap-bytes', '1m'])) as Inspection;
  t.is(large.memory.heapBytes, 1 << 20);
});

test.serial('inspect --json reports a failure as an object', async (t) => {
  const { error } = await json(t, ['inspect', NO_ELF], 1);
  t.like(error, { code: 'SNAPVM_ELF_MAGIC' });
});

// ---- doctor and demo ----

const WORKS = {
  kvm: 'snapvm works here, on kvm',
  process: 'snapvm works here, on process: isolation is a process and seccomp, not a virtual machine',
} as const;

interface Check {
  readonly name: string;
  readonly status: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly fix?: string;
}

test.serial('doctor finds that snapvm works here, and on what', async (t) => {
  const seen = await json(t, ['doctor']);
  t.deepEqual(Object.keys(seen), ['ok', 'verdict', 'backend', 'checks']);
  t.like(seen, { ok: true, verdict: WORKS[TEST_BACKEND], backend: TEST_BACKEND });
  const checks = seen['checks'] as Check[];
  const machine = ['platform', 'Node', 'machine', 'addon', 'guests'].map((name) => `${name} ok`);
  const backends = (await probeBackends()).map(
    ({ backend, usable }) => `${backend} ${usable ? 'ok' : 'unusable'}`,
  );
  t.deepEqual(
    checks.map(({ name, status }) => `${name} ${status}`),
    [...machine, ...backends, 'call ok'],
  );
  for (const { status, fix } of checks) t.is(status === 'unusable', fix !== undefined);
  t.deepEqual(Object.keys(checks.at(-1)?.data ?? {}), [TEST_BACKEND]);
  const { code, stdout } = await snapvm(['doctor']);
  t.is(code, 0);
  t.true(stdout.toString().endsWith(`\n${WORKS[TEST_BACKEND]}\n`));
});

test.serial('doctor calls a guest on every backend that an engine may take', async (t) => {
  const usable = (await probeBackends()).flatMap(({ backend, usable }) => (usable ? [backend] : []));
  const seen = await json(t, ['doctor', '--backend', 'auto']);
  t.is(seen['backend'], usable[0]);
  const call = (seen['checks'] as Check[]).find(({ name }) => name === 'call');
  t.deepEqual(Object.keys(call?.data ?? {}), usable);
});

/** How to run as a user who may not use KVM; `undefined` where that cannot be tried, and then the log says why. */
async function stranger(t: ExecutionContext): Promise<Options | undefined> {
  const options = { uid: NOBODY, env: { SNAPVM_BACKEND: '' } };
  const probe =
    process.getuid?.() === 0 ? await snapvm(['inspect', ECHO], options) : { code: 1, stderr: 'not root' };
  if (probe.code !== 0) t.log(`left out: another user cannot be tried here (${probe.stderr.trim()})`);
  else if (!existsSync('/dev/kvm')) t.log('left out: there is no /dev/kvm here');
  else if ((await snapvm(['doctor', '--backend', 'kvm'], options)).code !== 0) return options;
  else t.log('left out: everybody may use /dev/kvm here');
  t.pass();
  return undefined;
}

const KVM: Found<true> =
  TEST_BACKEND === 'kvm' ? { value: true } : { missing: 'KVM is not what runs guests here' };

testWith(
  KVM,
  'without the right to /dev/kvm doctor says what to do, and that processes will do',
  async (t) => {
    const options = await stranger(t);
    if (options === undefined) return;
    const doctor = await snapvm(['doctor'], options);
    t.like(doctor, { code: 0, stderr: '' });
    const text = doctor.stdout.toString();
    t.regex(text, /^unusable +kvm +\/dev\/kvm: permission denied\n +to use it: .*usermod -aG kvm/m);
    t.regex(text, /^ok +process +user namespace of its own: /m);
    t.regex(text, /^ok +call +on process: echo answered in /m);
    t.true(text.endsWith(`\n${WORKS.process}\n`));
    const kvm = await snapvm(['doctor', '--backend', 'kvm'], options);
    t.is(kvm.code, 1);
    t.regex(kvm.stdout.toString(), /\nsnapvm does not work here: kvm\n {2}kvm: .*usermod -aG kvm.*\n$/);
  },
);

test.serial(
  'without the right to /dev/kvm guests run in processes, with a warning in one line',
  async (t) => {
    const options = await stranger(t);
    if (options === undefined) return;
    const run = ['run', ECHO, '--input', 'x'];
    const auto = await snapvm(run, options);
    t.is(auto.code, 0, auto.stderr);
    t.is(auto.stdout.toString(), 'x');
    t.regex(
      auto.stderr,
      /^snapvm: warning: guests are isolated by a process [^\n]*--backend process[^\n]*\n$/,
    );
    t.like(await snapvm([...run, '--backend', 'process'], options), { code: 0, stderr: '' });
    const named = { ...options, env: { SNAPVM_BACKEND: 'process' } };
    t.like(await snapvm(run, named), { code: 0, stderr: '' });
    const kvm = await snapvm([...run, '--backend', 'kvm'], options);
    t.is(kvm.code, 3);
    t.regex(kvm.stderr, /^snapvm: SNAPVM_HOST_KVM: [^\n]+\n$/);
  },
);

test.serial('warnings of Node look as they always do', async (t) => {
  const { code, stderr } = await snapvm(['inspect', ECHO], {
    env: {
      NODE_OPTIONS: `--import=data:text/javascript,process.nextTick(process.emitWarning,'of%20others')`,
    },
  });
  t.is(code, 0);
  t.regex(stderr, /^\(node:\d+\) Warning: of others\n/);
});

test.serial('demo proves its points', async (t) => {
  const seen = await json(t, ['demo', '--calls', '500']);
  t.like(seen, {
    ok: true,
    backend: TEST_BACKEND,
    workers: 2,
    calls: { proved: true, calls: 500, inFlight: 64, fresh: 500 },
    single: { proved: true, inFlight: 1 },
    crash: { proved: true, code: 'SNAPVM_GUEST_FAULT', next: 'ok' },
    loop: { proved: true, code: 'SNAPVM_CALL_TIMEOUT', next: 'ok' },
    words: { proved: true, lines: 2, words: 10 },
    script: { proved: true, calls: 1000 },
  });
  const { callsPerSecond, p50Ms, p99Ms } = seen['calls'] as Record<string, number>;
  t.true((callsPerSecond ?? 0) > 0);
  t.true((p50Ms ?? 0) > 0 && (p99Ms ?? 0) >= (p50Ms ?? 0));
});

test.serial('demo tells people the same', async (t) => {
  const { code, stdout, stderr } = await snapvm(['demo', '--calls', '100']);
  t.is(code, 0);
  t.is(stderr, '');
  const text = stdout.toString();
  for (const part of [
    `2 workers on ${TEST_BACKEND}: guests in`,
    'calls/s',
    'p50',
    'p99',
    'answered 1 in 200 of 200',
    '(null_write+',
    '50 ms',
  ]) {
    t.true(text.includes(part), part);
  }
  t.notRegex(text, /FAILED/);
});

// ---- terminals, pipes and signals ----

test.serial('colours appear on a terminal only, and not with NO_COLOR', async (t) => {
  for (const args of [['doctor'], ['inspect', ECHO], ['--help']]) {
    const { stdout } = await snapvm(args, { env: { FORCE_COLOR: '1' } });
    t.false(stdout.includes('\x1b'));
  }
  const coloured = onTerminal(['doctor'], {});
  if (coloured === null) t.log('left out: there is no script(1) to make a terminal');
  else t.true(coloured.includes('\x1b[32m'));
  t.false(onTerminal(['doctor'], { NO_COLOR: '1' })?.includes('\x1b') ?? false);
});

test.serial('a reader that goes away ends the program quietly', async (t) => {
  for (const args of [
    ['inspect', ECHO],
    ['demo', '--calls', '50'],
    ['run', ECHO, '--input', 'x'],
  ]) {
    const { code, stderr } = await snapvm(args, { meet: (child) => child.stdout?.destroy() });
    t.is(code, 0);
    t.is(stderr, '');
  }
});

test.serial('an output that cannot be written is an error', (t) => {
  const command = `'${process.execPath}' '${MAIN}' run '${ECHO}' --input x > /dev/full`;
  const env = { ...process.env, SNAPVM_BACKEND: TEST_BACKEND };
  const { status, stderr } = spawnSync('/bin/sh', ['-c', command], {
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  t.is(status, 1);
  t.regex(stderr, /^snapvm: ENOSPC: [^\n]+\n$/);
});

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test.serial(`${signal} stops a running guest and ends the program with ${expected}`, async (t) => {
    let sent = 0;
    const { code, stdout, stderr } = await snapvm(
      ['run', CRASH, '--fn', 'loop', '--timeout-ms', '50000', '--json'],
      {
        meet: (child) =>
          whenSpinning(child, () => {
            sent = performance.now();
            child.kill(signal);
          }),
      },
    );
    t.true(sent > 0);
    t.is(code, expected, stderr);
    t.true(performance.now() - sent < 5000);
    t.is(stdout.length, 0);
    t.is(stderr, '');
  });
}

test.serial('SIGINT ends the program while it waits for its input', async (t) => {
  // A named pipe can be opened for writing as soon as the program waits at its other end.
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-cli-'));
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  let writer: number | undefined;
  const { code, signal, stderr } = await snapvm(['run', ECHO, '--input', `@${pipe}`], {
    meet: (child) => {
      const timer = setInterval(() => {
        writer ??= openWriter(pipe);
        if (writer !== undefined) child.kill('SIGINT');
        if (writer !== undefined || child.exitCode !== null) clearInterval(timer);
      }, 50);
    },
  });
  if (writer !== undefined) closeSync(writer);
  rmSync(folder, { recursive: true });
  t.is(code, 130, `${signal} ${stderr}`);
  t.is(stderr, '');
});

test.serial('SIGINT ends the demo', async (t) => {
  const { code, stderr } = await snapvm(['demo', '--calls', '5000000'], {
    meet: (child) => child.stdout?.once('data', () => child.kill('SIGINT')),
  });
  t.is(code, 130);
  t.is(stderr, '');
});

/** `undefined` while nobody reads at the other end. */
function openWriter(pipe: string): number | undefined {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}
