/** The command line as a user meets it: inspect, doctor, demo; terminals, pipes and signals. One after the other. */
import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { CRASH, ECHO, EXAMPLES, json, MAIN, onTerminal, snapvm, whenSpinning } from './support/cli.js';

const NO_ELF = fileURLToPath(new URL('../../package.json', import.meta.url));
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

test.serial('doctor finds that snapvm works here', async (t) => {
  const { ok, verdict, checks } = await json(t, ['doctor']);
  t.true(ok);
  t.is(verdict, 'snapvm works here');
  const names = (checks as { name: string; status: string }[]).map(({ name, status }) => `${name} ${status}`);
  const expected = ['platform', 'Node', 'addon', 'guests', '/dev/kvm', 'capabilities', 'call'];
  t.deepEqual(
    names,
    expected.map((name) => `${name} ok`),
  );
  const { code, stdout } = await snapvm(['doctor']);
  t.is(code, 0);
  t.regex(stdout.toString(), /\nsnapvm works here\n$/);
});

test.serial(
  'without the right to /dev/kvm doctor says what to do, run exits with 3, inspect works',
  async (t) => {
    const probe =
      process.getuid?.() === 0
        ? await snapvm(['inspect', ECHO], { uid: NOBODY })
        : { code: 1, stderr: 'not root' };
    if (probe.code !== 0) {
      t.log(`left out: another user cannot be tried here (${probe.stderr.trim()})`);
      t.pass();
      return;
    }
    const doctor = await snapvm(['doctor'], { uid: NOBODY });
    if (doctor.code === 0) {
      t.log('left out: everybody may use /dev/kvm here');
      t.pass();
      return;
    }
    t.is(doctor.code, 1);
    t.regex(doctor.stdout.toString(), /^FAILED +\/dev\/kvm +permission denied$/m);
    t.regex(doctor.stdout.toString(), /\nsnapvm does not work here: \/dev\/kvm: .*usermod -aG kvm.*\n$/);
    const run = await snapvm(['run', ECHO], { uid: NOBODY });
    t.is(run.code, 3);
    t.regex(run.stderr, /^snapvm: SNAPVM_HOST_KVM: [^\n]+\n$/);
  },
);

test.serial('demo proves its points', async (t) => {
  const seen = await json(t, ['demo', '--calls', '500']);
  t.like(seen, {
    ok: true,
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
  for (const part of ['calls/s', 'p50', 'p99', 'answered 1 in 200 of 200', '(null_write+', '50 ms']) {
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
  const { status, stderr } = spawnSync('/bin/sh', ['-c', command], { encoding: 'utf8', timeout: 60_000 });
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
