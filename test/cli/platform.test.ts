// Where snapvm does not run, one sentence says so: at installing, in the command line, from the doctor.
import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { PROJECT } from '../support/abi-sources.js';
import { ECHO, snapvm } from '../support/cli.js';

const WHERE =
  'snapvm runs on Linux on x86-64; this is darwin on arm64: use a Linux machine, virtual machine or container with an x86-64 processor';

/** As an option of Node, without spaces, as NODE_OPTIONS would split at them. */
const ELSEWHERE = `--import=data:text/javascript,${encodeURIComponent(
  "Object.defineProperties(process, { platform: { value: 'darwin' }, arch: { value: 'arm64' } })",
)}`;

test('installing names the platform, and no compilers', (t) => {
  const url = new URL('scripts/prerequisites.mjs', pathToFileURL(`${PROJECT}/`)).href;
  const script = `import(${JSON.stringify(url)}).then(({ requirePrerequisites }) => requirePrerequisites())`;
  // No compiler is to be found either.
  const env = { ...process.env, PATH: '' };
  const { status, stderr } = spawnSync(process.execPath, [ELSEWHERE, '-e', script], {
    env,
    encoding: 'utf8',
  });
  t.is(status, 1);
  t.is(stderr, `${WHERE}\n`);
});

test('commands that need guests fail with it, others work', async (t) => {
  const env = { NODE_OPTIONS: ELSEWHERE };
  const run = await snapvm(['run', ECHO], { env });
  t.is(run.code, 3);
  t.is(run.stderr, `snapvm: SNAPVM_HOST_PLATFORM: ${WHERE}\n`);
  t.is((await snapvm(['run', '--help'], { env })).code, 0);
  const doctor = await snapvm(['doctor'], { env });
  t.is(doctor.code, 1);
  t.regex(doctor.stdout.toString(), /^FAILED +platform +this is darwin on arm64\n- +Node +not tried$/m);
  t.regex(doctor.stdout.toString(), /\n {2}platform: use a Linux machine, [^\n]+\n$/);
});
