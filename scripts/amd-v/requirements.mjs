// What the test machine is made of, all of it found on this one: qemu, a kernel with its modules, static busybox, cpio.
import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

// modprobe and its like stand in sbin, which the PATH of an ordinary user leaves out.
const SEARCH_PATH = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin', '/usr/bin', '/bin'];
const MODULES = ['virtio_pci', 'virtio_console', '9pnet_virtio', '9p', 'overlay'];
const KERNEL_PREFIX = 'vmlinuz-';

/**
 * @typedef {{ qemu: string, cpio: string, busybox: string, kernel: string, modules: string[] }} Parts
 * `modules` are files in the order in which they must be loaded.
 */

/**
 * @param {readonly string[]} modules of the kernel, beside those that the machine itself needs
 * @returns {Parts | { missing: string }} every part, or one sentence that says what is not there
 */
export function findParts(modules) {
  const qemu = findProgram('qemu-system-x86_64');
  if (!qemu) return { missing: 'qemu-system-x86_64 is not installed (Debian: qemu-system-x86)' };
  const cpio = findProgram('cpio');
  if (!cpio) return { missing: 'cpio is not installed (Debian: cpio)' };
  const modprobe = findProgram('modprobe');
  if (!modprobe) return { missing: 'modprobe is not installed (Debian: kmod)' };
  const busybox = findProgram('busybox');
  if (!busybox || !isStatic(busybox))
    return { missing: 'a static busybox is not installed (Debian: busybox-static)' };
  const version = findKernel();
  if (!version)
    return { missing: 'no readable /boot/vmlinuz-* with its modules (Debian: linux-image-amd64)' };
  try {
    return {
      qemu,
      cpio,
      busybox,
      kernel: `/boot/${KERNEL_PREFIX}${version}`,
      modules: listModules(modprobe, version, [...MODULES, ...modules]),
    };
  } catch (error) {
    return { missing: `kernel ${version} lacks a module that is needed: ${error.message.trim()}` };
  }
}

function findProgram(name) {
  return SEARCH_PATH.map((folder) => join(folder, name)).find((file) => mayAccess(file, constants.X_OK));
}

function mayAccess(file, mode) {
  try {
    accessSync(file, mode);
    return true;
  } catch {
    return false;
  }
}

/** A dynamic program names its loader in the first page; the initramfs has none to offer. */
function isStatic(file) {
  return !readFileSync(file).subarray(0, 4096).includes('/ld-');
}

function findKernel() {
  if (!existsSync('/boot')) return undefined;
  return readdirSync('/boot')
    .filter((name) => name.startsWith(KERNEL_PREFIX) && mayAccess(`/boot/${name}`, constants.R_OK))
    .map((name) => name.slice(KERNEL_PREFIX.length))
    .filter((version) => existsSync(`/lib/modules/${version}/modules.dep`))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .at(-1);
}

function listModules(modprobe, version, modules) {
  const files = modules.flatMap((module) =>
    execFileSync(modprobe, ['-S', version, '--show-depends', module], { encoding: 'utf8', stdio: 'pipe' })
      .split('\n')
      .filter((line) => line.startsWith('insmod ')) // the other kind, "builtin", needs no loading
      .map((line) => line.split(' ')[1]),
  );
  return [...new Set(files)];
}
