// Folders of the host that a Linux program is given: nothing outside of one is read, whatever others put into it,
// and what is no file is neither opened nor in the way.
import { execFileSync } from 'node:child_process';
import fs, {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { SnapvmError } from '../../src/base/errors.js';
import { type ArchiveFile, packFiles } from '../../src/guests/linux/file-archive.js';
import { readHostFiles } from '../../src/guests/linux/host-files.js';

const SECRET = 'hunter2';
const NOBODY = 65534;

/** A folder with `given` and, beside it, `outside/secret`. */
function folder(t: ExecutionContext): string {
  const host = mkdtempSync(join(tmpdir(), 'snapvm-given-'));
  t.teardown(() => rmSync(host, { recursive: true }));
  chmodSync(host, 0o755);
  mkdirSync(join(host, 'given/sub'), { recursive: true });
  mkdirSync(join(host, 'outside'));
  writeFileSync(join(host, 'outside/secret'), SECRET);
  writeFileSync(join(host, 'given/one'), '1');
  writeFileSync(join(host, 'given/sub/secret'), 'inner');
  return host;
}

/** What was read, each as `path kind content`, without the folder itself. */
async function read(host: string): Promise<string[]> {
  const files: ArchiveFile[] = [];
  await readHostFiles('/g', host, files);
  packFiles(files);
  return files.slice(1).map(({ kind, path, content }) => {
    const text = content === undefined ? '' : ` ${Buffer.from(content).toString()}`;
    return `${Buffer.from(path.slice(3), 'latin1').toString()} ${kind}${text}`;
  });
}

async function refused(t: ExecutionContext, host: string, message: RegExp): Promise<void> {
  const error = await t.throwsAsync(readHostFiles('/g', host, []), { instanceOf: SnapvmError, message });
  t.is(error?.code, 'SNAPVM_LINUX_FILES');
}

const GIVEN = ['one file 1', 'sub directory', 'sub/secret file inner'];

test.serial('links stay links, wherever they lead', async (t) => {
  const host = folder(t);
  const links = {
    'a-passwd': '/etc/passwd',
    'b-up': '../outside/secret',
    'c-folder': '../outside',
    'd-inside': join(host, 'given/one'),
    'e-loop': 'f-loop',
    'f-loop': 'e-loop',
    'g-self': '.',
    'h-dangling': 'nowhere',
  };
  for (const [name, to] of Object.entries(links)) symlinkSync(to, join(host, 'given', name));
  const kept = Object.entries(links).map(([name, to]) => `${name} link ${to}`);
  t.deepEqual(await read(join(host, 'given')), [...kept, ...GIVEN]);
});

test.serial('the path that is given may lead through links: it is the caller’s', async (t) => {
  const host = folder(t);
  symlinkSync('given', join(host, 'link'));
  t.deepEqual(await read(join(host, 'link')), GIVEN);
  const one: ArchiveFile[] = [];
  await readHostFiles('/g', join(host, 'link/one'), one);
  t.like(one, [{ kind: 'file', path: '/g' }]);
});

test.serial('pipes, sockets and devices are left out, and not opened', async (t) => {
  const host = folder(t);
  execFileSync('mkfifo', [join(host, 'given/pipe')]);
  const server = createServer().listen(join(host, 'given/socket'));
  t.teardown(() => server.close());
  const nodes = process.geteuid?.() === 0;
  if (nodes) execFileSync('mknod', [join(host, 'given/zero'), 'c', '1', '5']);
  else t.log('no device: only root makes one');
  const opened = await changing(
    'open',
    () => {},
    async () => {
      t.deepEqual(await read(join(host, 'given')), GIVEN);
    },
  );
  const O_PATH = 0o10000000;
  const special = opened.filter(([path]) => /pipe|socket|zero/.test(`${path}`));
  t.is(special.length, nodes ? 3 : 2);
  for (const [path, flags] of special) t.true((Number(flags) & O_PATH) !== 0, `${path} was opened`);
  for (const name of nodes ? ['pipe', 'socket', 'zero'] : ['pipe', 'socket'])
    await refused(t, join(host, 'given', name), /neither a regular file nor a folder/);
});

type Call = readonly unknown[];

/** Does something after each call of a function of node:fs/promises; gives the calls. */
async function changing(
  name: 'open' | 'readdir',
  after: (call: Call) => void,
  run: () => Promise<void>,
): Promise<Call[]> {
  const functions = fs.promises as unknown as Record<string, (...call: Call) => Promise<unknown>>;
  const original = functions[name] as (...call: Call) => Promise<unknown>;
  const calls: Call[] = [];
  functions[name] = async (...call) => {
    const result = await original(...call);
    calls.push(call);
    after(call);
    return result;
  };
  syncBuiltinESMExports();
  try {
    await run();
  } finally {
    functions[name] = original;
    syncBuiltinESMExports();
  }
  return calls;
}

/** What is swapped for a link, and where that leads. */
const SWAPPED = [
  ['sub', '../outside'],
  ['one', '../outside/secret'],
] as const;

/** Moves `given/NAME` away and puts a link to what lies outside there, once. */
function swap(host: string, name: string, to: string): void {
  renameSync(join(host, 'given', name), join(host, `${name}-was`));
  symlinkSync(to, join(host, 'given', name));
}

test.serial('a folder or file that becomes a link once its name was read is a link', async (t) => {
  for (const [name, to] of SWAPPED) {
    const host = folder(t);
    let first = true;
    const swapOnce = (): void => {
      if (first) swap(host, name, to);
      first = false;
    };
    await changing('readdir', swapOnce, async () => {
      const rest = GIVEN.filter((line) => !line.startsWith(name));
      t.deepEqual((await read(join(host, 'given'))).sort(), [...rest, `${name} link ${to}`].sort());
    });
  }
});

test.serial('a folder or file that becomes a link once it was looked at is read as it was', async (t) => {
  for (const [name, to] of SWAPPED) {
    const host = folder(t);
    let first = true;
    const swapOnce = ([path]: Call): void => {
      if (!first || !`${path}`.endsWith(`/${name}`)) return;
      first = false;
      swap(host, name, to);
    };
    await changing('open', swapOnce, async () => {
      t.deepEqual(await read(join(host, 'given')), GIVEN);
    });
    t.false(first);
  }
});

test.serial('what is removed while a folder is read is left out', async (t) => {
  const host = folder(t);
  await changing(
    'readdir',
    () => rmSync(join(host, 'given/one'), { force: true }),
    async () => {
      t.deepEqual(await read(join(host, 'given')), GIVEN.slice(1));
    },
  );
});

test.serial('a hard link is a file: its folder has it, wherever else it is', async (t) => {
  const host = folder(t);
  linkSync(join(host, 'outside/secret'), join(host, 'given/two'));
  t.deepEqual(await read(join(host, 'given')), [...GIVEN, `two file ${SECRET}`]);
});

test.serial('folders nested 64 deep are read, deeper ones refused by name', async (t) => {
  const host = folder(t);
  const deep = Array.from({ length: 64 }, () => 'd').join('/');
  mkdirSync(join(host, 'given', deep.slice(2)), { recursive: true });
  t.is((await read(join(host, 'given'))).length, GIVEN.length + 63);
  mkdirSync(join(host, 'given', deep));
  await refused(t, join(host, 'given'), /d\/d.* nested more than 64 folders deep/);
});

test.serial('a path that is too long for the program is refused', async (t) => {
  const host = folder(t);
  const long = Array.from({ length: 17 }, () => 'x'.repeat(250));
  let at = join(host, 'given');
  // Step by step: no system call takes the whole path.
  const before = process.cwd();
  process.chdir(at);
  for (const name of long) {
    mkdirSync(name);
    process.chdir(name);
  }
  process.chdir(before);
  t.teardown(() => execFileSync('rm', ['-rf', join(host, 'given')]));
  at = join(host, 'given');
  await refused(t, at, /more than 4095 bytes/);
});

test.serial('a file that may not be read is refused by name', async (t) => {
  const host = folder(t);
  chmodSync(join(host, 'given/sub/secret'), 0);
  const root = process.geteuid?.() === 0;
  if (root) process.seteuid?.(NOBODY);
  try {
    await refused(t, join(host, 'given'), /given\/sub\/secret.*permission denied/);
    const files: ArchiveFile[] = [];
    await readHostFiles('/g', join(host, 'given/one'), files);
    t.is(files.length, 1, 'and nothing else is');
  } finally {
    if (root) process.seteuid?.(0);
  }
});

test.serial('names are bytes: odd ones, and such as are no text', async (t) => {
  const host = folder(t);
  const names = [' ', '-n', '$(x)', '*', '\\', '\n', '"\'', 'ä€😀', '\x1b[31m', 'x'.repeat(255)];
  const bytes = [...names.map((name) => Buffer.from(name)), Buffer.from([0xff]), Buffer.from([0xfe, 0x61])];
  for (const name of bytes) writeFileSync(Buffer.concat([Buffer.from(join(host, 'given/sub/')), name]), 'x');
  const files: ArchiveFile[] = [];
  await readHostFiles('/ü', join(host, 'given'), files);
  const packed = Buffer.from(packFiles(files));
  for (const name of bytes) t.true(packed.includes(Buffer.concat([Buffer.from('/ü/sub/'), name])), `${name}`);
  t.is(files.length, 4 + bytes.length);
});

test.serial('what is given twice, and differs, is refused', (t) => {
  const at = { path: '/a', mode: 0o644, content: Buffer.from('x') };
  for (const [kinds, words] of [
    [['file', 'link'], /"\/a" .*given twice, as a file and as a link/],
    [['directory', 'file'], /given twice, as a folder and as a file/],
  ] as const) {
    const files = kinds.map((kind) => ({ ...at, kind }));
    t.throws(() => packFiles(files), { instanceOf: SnapvmError, message: words });
  }
  const below = [
    { ...at, kind: 'link' as const },
    { ...at, kind: 'file' as const, path: '/a/b' },
  ];
  t.throws(() => packFiles(below), { message: /"\/a\/b" .*"\/a" is a link/ });
});
