// What a definition of a Linux program takes: programs, files, environment, policy; and what it refuses, by name.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import type { ErrorCode } from '../../src/base/errors.js';
import { Engine, SnapvmError } from '../../src/index.js';
import { outcomeOf, PATIENT, uniqueName } from '../support/linux.js';
import { busybox, dynamicProgram } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

let engine: Engine;
test.before(async () => {
  engine = await Engine.start({ workers: 1 });
});
test.after.always(() => engine.close());

async function refused(
  t: ExecutionContext,
  source: unknown,
  policy: unknown,
  code: ErrorCode,
  ...words: readonly (string | RegExp)[]
): Promise<void> {
  const error = await t.throwsAsync(engine.define(uniqueName(), source as never, policy as never), {
    instanceOf: SnapvmError,
  });
  t.is(error.code, code, error.message);
  for (const word of words) t.true(error.message.search(word) >= 0, `${error.message} lacks ${word}`);
}

testWith(
  dynamicProgram('signals-abort'),
  'a dynamic program is refused: its interpreter, and how to link',
  async (t, program) => {
    await refused(t, { linux: program() }, {}, 'SNAPVM_ELF_DYNAMIC', /ld-linux-x86-64\.so\.2/, /-static/);
  },
);

test('a program that is missing, a folder, a script or empty is refused by name', async (t) => {
  await refused(t, { linux: '/no/such/program' }, {}, 'SNAPVM_ELF_FILE', '/no/such/program');
  await refused(t, { linux: tmpdir() }, {}, 'SNAPVM_ELF_FILE');
  await refused(t, { linux: Buffer.from('#!/bin/sh\necho hello\n') }, {}, 'SNAPVM_ELF_MAGIC');
  await refused(t, { linux: new Uint8Array(0) }, {}, 'SNAPVM_ELF_MAGIC');
  await refused(t, { linux: 7 }, {}, 'SNAPVM_CONFIG_VALUE', 'linux');
});

function folder(t: ExecutionContext): string {
  const path = mkdtempSync(join(tmpdir(), 'snapvm-files-'));
  t.teardown(() => rmSync(path, { recursive: true }));
  return path;
}

async function run(path: string, args: readonly string[], rest: object = {}): Promise<string> {
  const handle = await engine.define(uniqueName(), { linux: path, argv0: 'busybox', args, ...rest }, PATIENT);
  try {
    const { stdout, stderr } = outcomeOf(await handle.call());
    return stdout + stderr;
  } finally {
    await handle.undefine();
  }
}

testWith(busybox(), 'files: bytes, a path of the host, a URL, and a folder whole', async (t, path) => {
  const host = folder(t);
  writeFileSync(join(host, 'one'), 'one');
  mkdirSync(join(host, 'sub/deeper'), { recursive: true });
  writeFileSync(join(host, 'sub/two'), 'two');
  writeFileSync(join(host, 'sub/deeper/three'), 'three');
  const files = {
    '/bytes': Buffer.from('bytes'),
    '/a/path': join(host, 'one'),
    '/a/url': pathToFileURL(join(host, 'one')),
    '/tree': join(host, 'sub'),
  };
  const all = ['/bytes', '/a/path', '/a/url', '/tree/two', '/tree/deeper/three'];
  t.is(await run(path, ['cat', ...all], { files }), 'bytesoneonetwothree');
  t.is(await run(path, ['ls', '/tree'], { files }), 'deeper\ntwo\n');
});

testWith(busybox(), 'files are read when the program is defined', async (t, path) => {
  const host = folder(t);
  writeFileSync(join(host, 'one'), 'before');
  const source = { linux: path, argv0: 'busybox', args: ['cat', '/f'], files: { '/f': join(host, 'one') } };
  const handle = await engine.define(uniqueName(), source, PATIENT);
  writeFileSync(join(host, 'one'), 'after');
  t.is(outcomeOf(await handle.call()).stdout, 'before');
  rmSync(join(host, 'one'));
  t.is(outcomeOf(await handle.call()).stdout, 'before');
});

testWith(busybox(), 'bytes changed after define are not what the program sees', async (t, path) => {
  const bytes = new Uint8Array(Buffer.from('before'));
  const source = { linux: path, argv0: 'busybox', args: ['cat', '/f'], files: { '/f': bytes } };
  const handle = await engine.define(uniqueName(), source, PATIENT);
  bytes.fill(33);
  t.is(outcomeOf(await handle.call()).stdout, 'before');
});

testWith(busybox(), 'no file of the host is there', async (t, path) => {
  t.is(await run(path, ['cat', '/etc/passwd']), "cat: can't open '/etc/passwd': No such file or directory\n");
  t.is(
    await run(path, ['ls', '/home', '/etc', '/root', '/proc/1', '/sys']).then(
      (text) => text.match(/No such/g)?.length,
    ),
    5,
  );
  t.is(
    await run(path, ['cat', '/proc/self/environ', '/proc/self/maps']).then((text) =>
      /=|-/.test(text.replace(/^cat.*$/gm, '')),
    ),
    false,
  );
});

testWith(busybox(), 'a file of 20 MB, and a thousand files', async (t, path) => {
  const large = { '/large': new Uint8Array(20_000_000) };
  t.is((await run(path, ['wc', '-c', '/large'], { files: large })).trim(), '20000000 /large');
  const many = Object.fromEntries(
    Array.from({ length: 1000 }, (_, i) => [`/many/${i}`, Buffer.from(`${i}`)]),
  );
  const names = (await run(path, ['ls', '/many'], { files: many })).trim().split('\n');
  t.is(names.length, 1000);
  t.is(await run(path, ['cat', '/many/777'], { files: many }), '777');
});

testWith(busybox(), 'a path is the same with and without superfluous slashes', async (t, path) => {
  t.is(await run(path, ['cat', '/a/b'], { files: { '//a///b': Buffer.from('x') } }), 'x');
  const files = { '/a/b': Buffer.from('x'), '/a//b': Buffer.from('y') };
  await refused(t, { linux: path, files }, {}, 'SNAPVM_CONFIG_VALUE', 'files');
});

testWith(busybox(), 'paths that cannot be are refused by name', async (t, path) => {
  const one = Buffer.from('x');
  for (const name of ['relative', './a', '', '/a/../b', '/..', '/a\0b', '/a/./b', `/${'x'.repeat(300)}`]) {
    await refused(t, { linux: path, files: { [name]: one } }, {}, 'SNAPVM_CONFIG_VALUE', 'files');
  }
  await refused(t, { linux: path, files: { '/a': one, '/a/b': one } }, {}, 'SNAPVM_LINUX_FILES', '/a');
  await refused(t, { linux: path, files: { '/a/b': one, '/a': one } }, {}, 'SNAPVM_LINUX_FILES', '/a');
  await refused(t, { linux: path, files: { '/': one } }, {}, 'SNAPVM_CONFIG_VALUE', 'files');
  await refused(
    t,
    { linux: path, files: { '/f': '/no/such/file' } },
    {},
    'SNAPVM_LINUX_FILES',
    '/no/such/file',
  );
  await refused(t, { linux: path, files: { '/f': 7 } }, {}, 'SNAPVM_CONFIG_VALUE', '/f');
  await refused(t, { linux: path, files: { '/f': '/dev/zero' } }, {}, 'SNAPVM_LINUX_FILES', '/dev/zero');
  await refused(t, { linux: path, files: { '/dev/null': one } }, {}, 'SNAPVM_LINUX_FILES', '/dev/null');
  await refused(t, { linux: path, files: { '/tmp': one } }, {}, 'SNAPVM_LINUX_FILES', '/tmp');
  await refused(t, { linux: path, files: 'x' }, {}, 'SNAPVM_CONFIG_VALUE', 'files');
});

// They were followed once, out of the folder too: whoever could write there chose which files of the host the
// program was given.
testWith(
  busybox(),
  'links in a folder of the host are the program’s own, and lead to no other file',
  async (t, path) => {
    const host = folder(t);
    mkdirSync(join(host, 'given/sub'), { recursive: true });
    writeFileSync(join(host, 'secret'), 'hunter2');
    writeFileSync(join(host, 'given/one'), '1');
    const links = {
      up: '../secret',
      absolute: join(host, 'secret'),
      dangling: 'nowhere',
      within: 'one',
      loop: 'loop',
    };
    for (const [name, to] of Object.entries(links)) symlinkSync(to, join(host, 'given', name));
    symlinkSync('../one', join(host, 'given/sub/back'));
    symlinkSync(host, join(host, 'given/folder'));
    symlinkSync('.', join(host, 'given/itself'));
    execFileSync('mkfifo', [join(host, 'given/pipe')]);
    const files = { '/data': join(host, 'given') };
    const busy = (...args: string[]): Promise<string> => run(path, args, { files });
    t.is(await busy('cat', '/data/within', '/data/sub/back', '/data/itself/one'), '111');
    t.is(await busy('readlink', '/data/up'), '../secret\n');
    const none = /can't open '.*': No such file.*\n/;
    for (const name of ['up', 'absolute', 'dangling', 'folder/secret'])
      t.regex(await busy('cat', `/data/${name}`), none);
    t.regex(await busy('cat', '/data/loop'), /Too many levels of symbolic links|Symbolic link loop/);
    const names = [
      '',
      '/absolute',
      '/dangling',
      '/folder',
      '/itself',
      '/loop',
      '/one',
      '/sub',
      '/sub/back',
      '/up',
      '/within',
    ];
    t.deepEqual(
      (await busy('find', '/data')).trim().split('\n').sort(),
      names.map((name) => `/data${name}`),
    );
    t.is(await busy('sh', '-c', 'cd /data/sub && cd ../itself && pwd -P'), '/data\n');
    const twice = { ...files, '/data/within': Buffer.from('x') };
    await refused(t, { linux: path, files: twice }, {}, 'SNAPVM_LINUX_FILES', '/data/within', 'twice');
  },
);

testWith(busybox(), 'environment, arguments, name and folder are checked', async (t, path) => {
  for (const env of [{ '': 'x' }, { 'A=B': 'x' }, { A: 'x\0' }, { A: 7 }, 'A=1']) {
    await refused(t, { linux: path, env }, {}, 'SNAPVM_CONFIG_VALUE', 'env');
  }
  for (const args of [['a\0'], [7], 'echo', [undefined]]) {
    await refused(t, { linux: path, args }, {}, 'SNAPVM_CONFIG_VALUE', 'args');
  }
  for (const argv0 of [7, 'a\0b'])
    await refused(t, { linux: path, argv0 }, {}, 'SNAPVM_CONFIG_VALUE', 'argv0');
  for (const cwd of [7, 'relative', '/a\0', '/a/../b']) {
    await refused(t, { linux: path, cwd }, {}, 'SNAPVM_CONFIG_VALUE', 'cwd');
  }
  await refused(t, { linux: path, file: {} }, {}, 'SNAPVM_CONFIG_UNKNOWN', 'file');
  await refused(t, { linux: path, elf: path }, {}, 'SNAPVM_CONFIG_VALUE');
  t.is(await run(path, ['pwd'], { cwd: '/tmp' }), '/tmp\n');
  t.is(await run(path, ['pwd'], { cwd: '/made/for/it' }), '/made/for/it\n');
  t.is(await run(path, ['pwd'], { cwd: '/d/e', files: { '/d/e/f': Buffer.from('') } }), '/d/e\n');
});

testWith(busybox(), 'policy values that are wrong are refused by name', async (t, path) => {
  const wrong: readonly (readonly [string, readonly unknown[]])[] = [
    ['heapBytes', [0, -1, 1.5, '1', 2 ** 40]],
    ['stackBytes', [0, -1, NaN, 2 ** 40]],
    ['inputBytes', [-1, 2 ** 40, '']],
    ['outputBytes', [-1, 2 ** 40, null]],
    ['timeoutMs', [0, -1, Infinity]],
    ['clock', ['real time', 7, new Date(NaN)]],
    ['warm', ['stdout', 1]],
  ];
  for (const [option, values] of wrong) {
    for (const value of values) {
      await refused(t, { linux: path }, { [option]: value }, 'SNAPVM_CONFIG_VALUE', option);
    }
  }
  await refused(t, { linux: path }, { heapByte: 1 }, 'SNAPVM_CONFIG_UNKNOWN', 'heapByte');
});

testWith(busybox(), 'the same program and files have the same hash; other files another', async (t, path) => {
  const source = (text: string): object => ({
    linux: path,
    args: ['cat', '/f'],
    files: { '/f': Buffer.from(text) },
  });
  const [a, b, c] = [
    await engine.define(uniqueName(), source('x') as never),
    await engine.define(uniqueName(), source('x') as never),
    await engine.define(uniqueName(), source('y') as never),
  ];
  t.is(a.hash, b.hash);
  t.not(a.hash, c.hash);
});
