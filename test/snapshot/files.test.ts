import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import test from 'ava';
import { SnapvmError } from '../../src/base/errors.js';
import { buildTest, USER_EXEC } from '../support/snapshot-build.js';

const folder = mkdtempSync(join(tmpdir(), 'snapvm-files-'));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

test('a path, a relative path, a link, a URL and bytes give the same snapshot', async (t) => {
  const path = join(folder, 'guest');
  const link = join(folder, 'link');
  writeFileSync(path, USER_EXEC);
  symlinkSync(path, link);
  const base = await buildTest({ elf: USER_EXEC });
  t.is(base.loadInfo.path, undefined);
  for (const elf of [path, relative(process.cwd(), path), link, pathToFileURL(path)]) {
    const snapshot = await buildTest({ elf });
    t.true(snapshot.equals(base));
    t.is(snapshot.loadInfo.path, path);
  }
});

const FILES: readonly (readonly [what: string, path: () => string | URL, message: RegExp])[] = [
  ['a missing file', () => join(folder, 'none'), /none" cannot be read: it does not exist/],
  ['a directory', () => folder, /it is a directory/],
  ['a file as directory', () => join(plainFile(), 'x'), /not a directory/],
  ['a device', () => '/dev/zero', /not a regular file/],
  ['an empty path', () => '', /the path is empty/],
  ['a path with a NUL', () => 'a\0b', /null bytes/],
  ['a path too long', () => `/${'x'.repeat(5000)}`, /too long/],
  ['a URL of another kind', () => new URL('https://example.org/guest'), /must be of scheme file/],
  ['a FIFO', () => fifo(), /not a regular file/],
  ['a file over 2 GiB', () => huge(), /0x80000001 bytes/],
  ['a loop of links', () => loop(), /too many symbolic links/],
];

function plainFile(): string {
  const path = join(folder, 'plain');
  writeFileSync(path, 'x');
  return path;
}

function fifo(): string {
  const path = join(folder, 'fifo');
  execFileSync('mkfifo', [path]);
  return path;
}

function huge(): string {
  const path = join(folder, 'huge');
  writeFileSync(path, '');
  truncateSync(path, 0x8000_0001);
  return path;
}

function loop(): string {
  const path = join(folder, 'loop');
  symlinkSync(path, path);
  return path;
}

for (const [what, path, message] of FILES) {
  test(`not read: ${what}`, async (t) => {
    const error = await t.throwsAsync(buildTest({ elf: path() }), { instanceOf: SnapvmError, message });
    t.is(error?.code, 'SNAPVM_ELF_FILE');
  });
}

test('not read: a file without permission', async (t) => {
  const path = join(folder, 'secret');
  writeFileSync(path, USER_EXEC);
  chmodSync(path, 0);
  // Root may read every file but those of sysfs that nobody may.
  const elf = process.getuid?.() === 0 ? '/sys/bus/platform/uevent' : path;
  const error = await t.throwsAsync(buildTest({ elf }), {
    instanceOf: SnapvmError,
    message: /permission denied/,
  });
  t.is(error?.code, 'SNAPVM_ELF_FILE');
});

test('not read: a file that is no ELF', async (t) => {
  const path = join(folder, 'text');
  writeFileSync(path, 'hello');
  const error = await t.throwsAsync(buildTest({ elf: path }), { instanceOf: SnapvmError });
  t.is(error?.code, 'SNAPVM_ELF_MAGIC');
});
