// The test machine's first file system: busybox, the modules, init, and the command to run.
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const INIT = fileURLToPath(new URL('init.sh', import.meta.url));
const APPLETS = ['sh', 'mount', 'insmod', 'mkdir', 'ln', 'cp', 'ip', 'chroot', 'sleep', 'poweroff'];
const UNPACKERS = { '.xz': 'xz', '.zst': 'zstd', '.gz': 'gzip' };
const LARGEST_MODULE = 64 << 20;

/**
 * @param {import('./requirements.mjs').Parts} parts
 * @param {string} folder an empty folder to work in
 * @param {string} script what /bin/sh runs in the machine
 * @returns {string} the archive's path
 */
export function buildInitramfs(parts, folder, script) {
  const tree = join(folder, 'tree');
  for (const name of ['bin', 'dev', 'proc', 'modules']) mkdirSync(join(tree, name), { recursive: true });
  copyFileSync(parts.busybox, join(tree, 'bin/busybox'));
  for (const applet of APPLETS) symlinkSync('busybox', join(tree, 'bin', applet));
  copyFileSync(INIT, join(tree, 'init'));
  writeFileSync(join(tree, 'command'), script);
  const order = parts.modules.map((module) => copyModule(module, join(tree, 'modules')));
  writeFileSync(join(tree, 'modules/order'), `${order.join('\n')}\n`);
  for (const program of ['init', 'bin/busybox']) chmodSync(join(tree, program), 0o755);
  return pack(parts.cpio, tree, join(folder, 'initramfs'));
}

/** Later Debian compresses its modules, and busybox may not know how to unpack them. */
function copyModule(file, folder) {
  const unpacker = UNPACKERS[extname(file)];
  if (!unpacker) {
    copyFileSync(file, join(folder, basename(file)));
    return basename(file);
  }
  const name = basename(file, extname(file));
  writeFileSync(join(folder, name), execFileSync(unpacker, ['-dc', file], { maxBuffer: LARGEST_MODULE }));
  return name;
}

function pack(cpio, tree, archive) {
  const names = readdirSync(tree, { recursive: true });
  execFileSync(cpio, ['--create', '--format=newc', '--quiet', `--file=${archive}`, '--owner=0:0'], {
    cwd: tree,
    input: `${names.join('\n')}\n`,
  });
  return archive;
}
