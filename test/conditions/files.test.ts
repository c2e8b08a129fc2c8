// Places that a system has not, has no room on, or does not let be written to.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  Application,
  BACKENDS_HERE,
  COMPILER,
  complaints,
  failures,
  ROOT,
  USER,
} from '../support/conditions.js';
import type { Found } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

interface Case {
  readonly title: string;
  readonly conditions: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly needs?: Found<true>;
}

const NOWHERE = '/proc/nowhere';
/** An empty /tmp would cover the project where it is below it. */
const BESIDE_TMP: Found<true> = fileURLToPath(import.meta.url).startsWith('/tmp/')
  ? { missing: 'the project is in /tmp, which this makes another' }
  : ROOT;
/** Where nothing is missed: guests are in memory files, which need no file system. */
const WORKING: readonly Case[] = [
  { title: 'no /dev/shm', conditions: ['hide=/dev/shm'], needs: ROOT },
  {
    title: 'a root that is read-only, a /tmp without execution and room, no TMPDIR and HOME',
    conditions: ['tmpfs=/tmp:4k,noexec', 'tmpfs=/dev/shm:4k', 'read-only'],
    env: { TMPDIR: NOWHERE, HOME: NOWHERE },
    needs: BESIDE_TMP,
  },
  {
    title: 'a /proc that shows a user nothing of others',
    conditions: ['hidepid', `user=${USER}`],
    needs: ROOT,
  },
];

for (const backend of BACKENDS_HERE) {
  for (const { title, conditions, env = {}, needs = COMPILER } of WORKING) {
    testWith(needs, `places on ${backend}: ${title}`, async (t) => {
      const application = await Application.start({ backend, conditions, env });
      t.teardown(() => application.kill());
      const round = await application.round();
      t.deepEqual(complaints(round), []);
      // A user need not have /dev/kvm.
      if (backend === 'process') t.deepEqual(failures(round), []);
      await application.end();
    });
  }

  testWith(ROOT, `places on ${backend}: without /proc it is said what that is needed for`, async (t) => {
    const application = await Application.start({ backend, conditions: ['hide=/proc'] });
    t.teardown(() => application.kill());
    const round = await application.round();
    t.deepEqual(complaints(round), []);
    const defines = round.steps.filter(({ name }) => name.startsWith('define'));
    t.true(defines.length > 0);
    for (const { outcome, message } of defines) {
      t.is(outcome, 'SNAPVM_HOST_DENIED');
      t.regex(message, /\/proc\/cpuinfo cannot be read.*needs \/proc/);
    }
    await application.end();
  });

  testWith(ROOT, `places on ${backend}: a store on a full disk costs nothing but the store`, async (t) => {
    const store = mkdtempSync(join(tmpdir(), 'snapvm-store-'));
    t.teardown(() => rmSync(store, { recursive: true }));
    const application = await Application.start({ backend, conditions: [`tmpfs=${store}:64k,private`] });
    t.teardown(() => application.kill());
    for (let turn = 0; turn < 2; turn++) {
      const round = await application.round({ store });
      t.deepEqual([complaints(round), failures(round)], [[], []]);
    }
    await application.end();
  });
}
