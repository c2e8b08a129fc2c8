/** What the client sends to deploy: a source alone, or a form with policy and files. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { packTar, SnapvmClient } from '../../src/client/index.js';
import { type Asked, answerJson, stubServer } from '../support/stub-server.js';

/** What one deployment sends. */
async function sentBy(
  t: ExecutionContext,
  ...[source, options]: [
    source: Parameters<SnapvmClient['deploy']>[1],
    options?: Parameters<SnapvmClient['deploy']>[2],
  ]
): Promise<Asked> {
  const { url, asked } = await stubServer(t, (_asked, response) => answerJson(response, 201, { name: 'f' }));
  t.deepEqual(await new SnapvmClient({ url }).deploy('f', source, options), { name: 'f' } as never);
  const [only] = asked;
  if (only === undefined || asked.length !== 1) throw new Error('not one request');
  return only;
}

/** The parts of a form, as a server reads them. */
async function partsOf({ headers, body }: Asked): Promise<FormData> {
  const type = headers['content-type'] ?? '';
  return await new Response(body, { headers: { 'content-type': type } }).formData();
}

test('a source alone is the body', async (t) => {
  const js = await sentBy(t, 'export default () => 1', { activate: false });
  t.is(`${js.method} ${js.url}`, 'PUT /v1/functions/f?activate=false');
  t.is(js.headers['content-type'], 'application/javascript');
  t.is(js.body.toString(), 'export default () => 1');
  const ts = await sentBy(t, { ts: 'export default (): number => 1' });
  t.is(ts.url, '/v1/functions/f');
  t.is(ts.headers['content-type'], 'application/typescript');
  const native = await sentBy(t, { native: new Uint8Array([127, 0, 255]) });
  t.is(native.headers['content-type'], 'application/vnd.snapvm.native+elf');
  t.deepEqual([...native.body], [127, 0, 255]);
  const linux = await sentBy(t, { linux: new Uint8Array([1]) });
  t.is(linux.headers['content-type'], 'application/vnd.snapvm.linux+elf');
});

test('a policy makes a form of it, policy first', async (t) => {
  const policy = { timeoutMs: 50, hostFunctions: ['a'], cpuMs: undefined as never };
  const asked = await sentBy(t, { js: 'export default () => "ä"', locales: ['de'] }, { policy });
  const parts = await partsOf(asked);
  t.deepEqual([...parts.keys()], ['policy', 'source']);
  t.deepEqual(JSON.parse(String(parts.get('policy'))), {
    timeoutMs: 50,
    hostFunctions: ['a'],
    locales: ['de'],
  });
  const source = parts.get('source') as File;
  t.is(source.type, 'application/javascript');
  t.is(await source.text(), 'export default () => "ä"');
});

test('a Linux program takes its arguments, environment, folder and files along', async (t) => {
  const files = { '/etc/motd': 'hello', '/data/b': new Uint8Array([0, 1]) };
  const asked = await sentBy(t, {
    linux: new Uint8Array([1, 2]),
    args: ['-x'],
    argv0: 'p',
    env: { A: 'b' },
    cwd: '/data',
    files,
  });
  const parts = await partsOf(asked);
  t.deepEqual(JSON.parse(String(parts.get('policy'))), {
    args: ['-x'],
    argv0: 'p',
    env: { A: 'b' },
    cwd: '/data',
  });
  t.is((parts.get('source') as File).type, 'application/vnd.snapvm.linux+elf');
  const tar = parts.get('files') as File;
  t.is(tar.type, 'application/x-tar');
  t.true((await tar.text()).includes('hello'));
});

test('an option of another kind is sent, for the server to refuse', async (t) => {
  const asked = await sentBy(t, { native: new Uint8Array([1]), args: ['-x'] });
  t.deepEqual(JSON.parse(String((await partsOf(asked)).get('policy'))), { args: ['-x'] });
});

test('tar(1) finds in an archive what was packed: names of any length and script, modes, folders', (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-tar-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const long = `/${'long name '.repeat(12)}/${'n'.repeat(90)}`;
  const archive = packTar([
    { path: '/empty folder/', bytes: new Uint8Array(), mode: 0o700 },
    { path: '/bin/run', bytes: new TextEncoder().encode('#!'), mode: 0o755 },
    { path: long, bytes: new Uint8Array(1000).fill(7) },
    { path: '/größe/☃', bytes: new Uint8Array() },
    { path: `/${'x'.repeat(100)}`, bytes: new Uint8Array(512) },
  ]);
  t.is(archive.length % 512, 0);
  const file = join(folder, 'a.tar');
  writeFileSync(file, archive);
  execFileSync('tar', ['-x', '-f', file, '-C', folder]);
  t.is(statSync(join(folder, 'empty folder')).mode & 0o777, 0o700);
  t.is(readFileSync(join(folder, 'bin/run'), 'utf8'), '#!');
  t.is(statSync(join(folder, 'bin/run')).mode & 0o111, 0o111);
  t.deepEqual(readFileSync(join(folder, long)), Buffer.alloc(1000, 7));
  t.is(readFileSync(join(folder, 'größe/☃')).length, 0);
  t.is(statSync(join(folder, 'x'.repeat(100))).size, 512);
});

test('paths that lead elsewhere are not packed', (t) => {
  for (const path of ['relative', '/a/../b', '/./a', '//a', '/', '/a\0b'])
    t.throws(() => packTar([{ path, bytes: new Uint8Array() }]), { code: 'SNAPVM_CLIENT_OPTION' });
});
