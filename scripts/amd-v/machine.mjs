// One run of the test machine: qemu emulating a processor with AMD-V, watched from the outside.
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const MEMORY_MIB = 3072;
const CONSOLE_LINES = 25;
const EMULATION_WARNING = "TCG doesn't support requested feature"; // one for each feature and processor, at every start
const LAST_WORDS = /Kernel panic|^init: /;
// A panic reboots at once, which -no-reboot turns into the end of qemu; mitigations only cost emulated time.
const KERNEL_COMMAND_LINE = 'console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off audit=0 nowatchdog';

/**
 * @param {import('./requirements.mjs').Parts} parts
 * @param {{ folder: string, initramfs: string, cpu: string, signal: AbortSignal, onUp: (seconds: string) => void }} options
 * `cpu` is qemu's -cpu; `signal` ends the run at once, and its reason, a sentence, becomes the run's
 * @returns {Promise<{ status: number } | { reason: string, console: string }>} the command's own exit status, or why there is none
 */
export async function runMachine(parts, options) {
  const { folder, initramfs, signal } = options;
  let status;
  const onStatus = (line) => {
    const [word, value] = line.split(' ');
    if (word === 'up') options.onUp(value);
    if (word === 'exit') status = Number(value);
  };
  const ports = await Promise.all([
    listen(join(folder, 'stdout'), (socket) => socket.on('data', (data) => process.stdout.write(data))),
    listen(join(folder, 'stderr'), (socket) => socket.on('data', (data) => process.stderr.write(data))),
    listen(join(folder, 'status'), (socket) => createInterface(socket).on('line', onStatus)),
  ]);
  const log = join(folder, 'console');
  const end = await runQemu(parts.qemu, qemuArguments(parts.kernel, initramfs, options.cpu), {
    folder,
    log,
    signal,
  });
  await Promise.all(ports.map((port) => port.closed()));

  if (status !== undefined) return { status };
  if (signal.aborted) return { reason: signal.reason, console: '' };
  const lines = readFileSync(log, 'utf8')
    .trimEnd()
    .split(/\r?\n/)
    .filter((line) => !line.includes(EMULATION_WARNING));
  return { reason: whyEnded(end, lines), console: lines.slice(-CONSOLE_LINES).join('\n') };
}

/** A chardev of qemu connects here; what the guest writes arrives unchanged and at once. */
async function listen(path, onConnection) {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy()); // qemu was killed: runQemu has the reason
    onConnection(socket);
  });
  await new Promise((resolve, reject) => server.once('error', reject).listen(path, resolve));
  return { closed: () => new Promise((resolve) => server.close(resolve)) };
}

function runQemu(program, args, { folder, log, signal }) {
  const output = openSync(log, 'a');
  const qemu = spawn(program, args, {
    cwd: folder, // the ports are named relative to it: a comma in an absolute path would need escaping
    stdio: ['ignore', output, output],
    signal,
    killSignal: 'SIGKILL',
  });
  closeSync(output);
  return new Promise((resolve) => {
    qemu.once('error', (error) => resolve({ error }));
    qemu.once('close', (code, killedBy) => resolve({ code, killedBy }));
  });
}

function qemuArguments(kernel, initramfs, cpu) {
  const port = (name, number) => [
    ...['-chardev', `socket,id=${name},path=${name}`],
    ...['-device', `virtserialport,chardev=${name},nr=${number}`],
  ];
  return [
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none', '-monitor', 'none'],
    // One processor: with two, the kernel inside now and then hangs while it patches its own code, which it does whenever
    // the number of virtual machines leaves or reaches 0.
    ...['-accel', 'tcg', '-cpu', cpu, '-smp', '1', '-m', String(MEMORY_MIB)],
    ...['-kernel', kernel, '-initrd', initramfs, '-append', KERNEL_COMMAND_LINE],
    ...['-serial', 'stdio'],
    ...['-virtfs', 'local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap'],
    ...['-device', 'virtio-serial-pci'],
    ...port('stdout', 1),
    ...port('stderr', 2),
    ...port('status', 3),
  ];
}

function whyEnded({ error, code, killedBy }, lines) {
  if (error) return `qemu could not be started: ${error.message}`;
  if (killedBy) return `qemu was killed by ${killedBy}`;
  if (code !== 0) return `qemu ended with status ${code}`;
  const last = lines.findLast((line) => LAST_WORDS.test(line)) ?? 'its console does not say why';
  return `the machine went down before the command had ended: ${last}`;
}
