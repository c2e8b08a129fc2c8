// One server a directory: who has it, who is dead, and who cannot be seen.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import test, { type ExecutionContext } from 'ava';
import { DirectoryLock } from '../../src/server/lock.js';
import { processName } from '../../src/store/files.js';
import { eventually } from '../support/engine.js';
import { errorOf } from '../support/js.js';
import { temporaryFolder } from '../support/store.js';

const [BOOT, NAMESPACE, , START] = processName().split('-');
const LOCK = new URL('../../src/server/lock.js', import.meta.url).href;

function startOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function put(directory: string, name: string): string {
  const path = join(directory, name);
  writeFileSync(path, '');
  return path;
}

/** A process that takes the lock if it can, says so, and ends when its standard input does. */
function holder(
  t: ExecutionContext,
  directory: string,
): { said: Promise<string>; pid: number; end(): Promise<void> } {
  const code = `
    import { DirectoryLock } from ${JSON.stringify(LOCK)};
    const taken = await DirectoryLock.acquire(${JSON.stringify(directory)}).then(() => 'taken', (error) => error.code);
    console.log(taken);
    process.stdin.on('end', () => process.exit()).resume();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  const said = once(child.stdout, 'data').then(([chunk]) => String(chunk).trim());
  return { said, pid: child.pid ?? 0, end };
}

test('a second one is refused until the first is released, and the message names the process', async (t) => {
  const directory = temporaryFolder(t);
  const lock = await DirectoryLock.acquire(directory);
  const error = await errorOf(DirectoryLock.acquire(directory));
  t.is(error.code, 'SNAPVM_SERVER_DIRECTORY');
  t.true(error.message.includes(`process ${process.pid}`));
  await lock.release();
  await lock.release();
  const again = await DirectoryLock.acquire(directory);
  await again.release();
  t.deepEqual(readdirSync(directory), []);
});

test("another process' lock is respected while it lives, and taken when it was killed", async (t) => {
  const directory = temporaryFolder(t);
  const other = holder(t, directory);
  t.is(await other.said, 'taken');
  const error = await errorOf(DirectoryLock.acquire(directory));
  t.true(error.message.includes(`process ${other.pid}`), error.message);
  t.is(readdirSync(directory).length, 1);
  await other.end();
  const lock = await DirectoryLock.acquire(directory);
  t.deepEqual(readdirSync(directory), [`lock-${processName()}`]);
  await lock.release();
});

test('of several that begin at once at most one has it', async (t) => {
  const directory = temporaryFolder(t);
  const holders = [1, 2, 3, 4].map(() => holder(t, directory));
  const said = await Promise.all(holders.map((each) => each.said));
  t.true(said.filter((word) => word === 'taken').length <= 1, `${said}`);
  t.deepEqual(new Set(said.filter((word) => word !== 'taken')), new Set(['SNAPVM_SERVER_DIRECTORY']));
  await Promise.all(holders.map((each) => each.end()));
  const lock = await DirectoryLock.acquire(directory);
  await lock.release();
});

test('a process id that another process has now is no reason to wait', async (t) => {
  const directory = temporaryFolder(t);
  put(directory, `lock-${BOOT}-${NAMESPACE}-${process.pid}-${Number(START) + 1}`);
  put(directory, `lock-${BOOT}-${NAMESPACE}-${process.ppid}-1`);
  const lock = await DirectoryLock.acquire(directory);
  t.deepEqual(readdirSync(directory), [`lock-${processName()}`]);
  await lock.release();
});

test('a dead process that nobody has waited for is dead', async (t) => {
  const directory = temporaryFolder(t);
  // A shell would wait for its child; what it becomes does not.
  const parent = spawn('sh', ['-c', 'cat <&3 & echo $!; exec sleep 1000 3<&-'], {
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  t.teardown(() => parent.kill('SIGKILL'));
  const [line] = (await once(parent.stdout as Readable, 'data')) as [Buffer];
  const pid = Number(line.toString());
  t.true(await eventually(() => readFileSync(`/proc/${parent.pid}/comm`, 'latin1') === 'sleep\n'));
  (parent.stdio[3] as Writable).end();
  t.true(await eventually(() => / Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'))));
  put(directory, `lock-${BOOT}-${NAMESPACE}-${pid}-${startOf(pid)}`);
  const lock = await DirectoryLock.acquire(directory);
  await lock.release();
});

test('a holder in another container counts as dead when it shows no sign of life', async (t) => {
  const directory = temporaryFolder(t);
  put(directory, `lock-${BOOT}-${Number(NAMESPACE) + 1}-1-7`);
  put(directory, `lock-${'0'.repeat(32)}-${NAMESPACE}-1-7`);
  put(directory, 'lock-of-something-else');
  const lock = await DirectoryLock.acquire(directory, { patienceMs: 50 });
  t.deepEqual(readdirSync(directory), [`lock-${processName()}`, 'lock-of-something-else'].sort());
  await lock.release();
});

test('a holder in another container that shows signs of life is respected', async (t) => {
  const directory = temporaryFolder(t);
  const path = put(directory, `lock-${BOOT}-${Number(NAMESPACE) + 1}-1-7`);
  let beats = 0;
  const heart = setInterval(() => utimesSync(path, 1000, ++beats), 1);
  t.teardown(() => clearInterval(heart));
  const error = await errorOf(DirectoryLock.acquire(directory, { patienceMs: 1000 }));
  t.is(error.code, 'SNAPVM_SERVER_DIRECTORY');
  t.regex(error.message, /another machine or in another container/);
  t.deepEqual(readdirSync(directory), [path.slice(directory.length + 1)]);
});

test('a directory that cannot be written is refused with the reason', async (t) => {
  const file = put(temporaryFolder(t), 'file');
  const error = await errorOf(DirectoryLock.acquire(file));
  t.is(error.code, 'SNAPVM_SERVER_DIRECTORY');
  t.is(error.details['errno'], 'ENOTDIR');
});
