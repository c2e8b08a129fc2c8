// The SDK as an author meets it: the documented commands, with each compiler, and what comes of them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { Snapshot } from '../../src/snapshot/snapshot.js';
import { RING_0 } from '../support/ring-0.js';
import { readyGuest, UNDER_QEMU } from '../support/sandbox.js';
import { compile, documentedCommands, isInstalled } from '../support/sandbox-compile.js';
import { testWith } from '../support/test-with.js';

const SOURCE = `
#include <snapvm.h>
static char greeting[64];
static unsigned count;
static int hello(const uint8_t* input, size_t length) {
  count++;
  if (snapvm_write(greeting, strlen(greeting)) != 0) return 1;
  return snapvm_write(input, length) == 0 && count == 1 ? 0 : 2;
}
static int data(const uint8_t* input, size_t length) {
  (void)input, (void)length;
  size_t bytes;
  const uint8_t* given = snapvm_init_data(&bytes);
  return snapvm_write(given, bytes);
}
int main(void) {
  snapvm_format(greeting, sizeof greeting, "%s %d, ", "hello", 1 + 1);
  static const snapvm_handler table[] = {{"hello", hello}, {"data", data}};
  snapvm_serve(table, sizeof table / sizeof *table);
}
`;

const { user, supervisor, linux } = documentedCommands();
const VARIANTS: readonly (readonly [name: string, command: string, suffix: string])[] = [
  ['static', user, ''],
  ['static-pie', user.replace(' -static ', ' -static-pie -fPIE '), ''],
  ['supervisor', supervisor, '.supervisor'],
  ['C library', linux, ''],
];

for (const compiler of ['gcc', 'clang']) {
  for (const [variant, command, suffix] of VARIANTS) {
    const needs = suffix === '.supervisor' ? RING_0 : ({ value: true } as const);
    testWith(needs, `${compiler} builds a ${variant} guest by the documented command`, async (t) => {
      if (!isInstalled(compiler)) {
        t.log(`not tested: ${compiler} is not installed`);
        t.pass();
        return;
      }
      const elf = compile(command, compiler, SOURCE);
      const initData = Buffer.from('given');
      const guest = await readyGuest(t, `hello${suffix}`, { elf, initData, verifyRestore: true });
      for (let turn = 0; turn < 3; turn++) {
        t.is(guest.text('hello', 'Ada'), 'hello 2, Ada');
        t.is(guest.text('data'), 'given');
      }
    });
  }
}

test('the same source and command give the same snapshot', async (t) => {
  const elfs = [compile(user, 'gcc', SOURCE), compile(user, 'gcc', SOURCE)];
  const snapshots = await Promise.all(elfs.map((elf) => Snapshot.build({ elf })));
  t.true(snapshots[0]?.equals(snapshots[1] ?? (snapshots[0] as Snapshot)));
  t.is(new Set(snapshots.map(({ hash }) => hash)).size, 1);
  for (const snapshot of snapshots) snapshot.close();
});

for (const compiler of ['gcc', 'clang']) {
  test(`make check holds for guests built with ${compiler}`, (t) => {
    if (UNDER_QEMU || !isInstalled(compiler)) {
      t.log(
        `not tested: ${UNDER_QEMU ? 'it needs no processor of its own' : `${compiler} is not installed`}`,
      );
      t.pass();
      return;
    }
    const folder = mkdtempSync(join(tmpdir(), 'snapvm-make-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const sources = fileURLToPath(new URL('../../../guest', import.meta.url));
    const made = spawnSync(
      'make',
      ['-C', sources, 'check', `CC=${compiler}`, `OUT=${join(folder, 'guest')}`],
      {
        encoding: 'utf8',
      },
    );
    t.is(made.status, 0, made.stderr);
  });
}
