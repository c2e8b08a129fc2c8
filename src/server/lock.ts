/**
 * One server a directory. Each process that wants it makes a file of its own name first, and looks for files
 * of others then: of two at a time at least one sees the other. A name is never used again, so whoever finds
 * that its process is dead may remove it, and takes nobody else's.
 */
import { randomInt } from 'node:crypto';
import { open, readdir, stat, unlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapvmError } from '../base/errors.js';
import { clearInterval, setInterval, setTimeout, wallMs } from '../base/globals.js';
import { processName, startOf, thisProcess } from '../store/files.js';
import { directoryError } from './files.js';

const LOCK = /^lock-([0-9a-f]+)-(\d+)-(\d+)-(\d+)$/;
const FILE_MODE = 0o600;
/** How often a holder shows that it is alive, to those that cannot see its process. */
const HEARTBEAT_MS = 1000;
const PATIENCE_MS = 6 * HEARTBEAT_MS;
/** How often a holder that cannot be seen is looked at while it is waited for. */
const LOOKS = 24;
/** Of two that begin at once, both may see the other. */
const ATTEMPTS = 5;
const PAUSE_MS = 40;

/** How a lock is taken. */
export interface LockOptions {
  /**
   * How long a holder on another machine, in another container or from before the machine's last start may
   * show no sign of life until it counts as dead, in milliseconds. @default 6000
   */
  readonly patienceMs?: number;
}

/** The right to a directory, until it is released or the process is dead. */
export class DirectoryLock {
  readonly #path: string;
  readonly #heartbeat: NodeJS.Timeout;

  private constructor(path: string) {
    this.#path = path;
    const beat = (): void => void utimes(path, wallMs() / 1000, wallMs() / 1000).catch(() => {});
    this.#heartbeat = setInterval(beat, HEARTBEAT_MS).unref();
  }

  /** @throws SnapvmError `SNAPVM_SERVER_DIRECTORY`: a live server has it, or the lock cannot be written */
  static async acquire(directory: string, options: LockOptions = {}): Promise<DirectoryLock> {
    const { patienceMs = PATIENCE_MS } = options;
    for (let attempt = 1; ; attempt++) {
      const lock = await DirectoryLock.#claim(directory);
      let holder: string | undefined;
      try {
        holder = await otherHolder(directory, patienceMs);
      } catch (cause) {
        await lock.release();
        throw directoryError(directory, 'cannot be locked', cause);
      }
      if (holder === undefined) return lock;
      await lock.release();
      if (attempt === ATTEMPTS) throw taken(directory, holder);
      await new Promise<void>((resolve) => void setTimeout(resolve, randomInt(1, PAUSE_MS)));
    }
  }

  /** Idempotent. */
  async release(): Promise<void> {
    clearInterval(this.#heartbeat);
    await unlink(this.#path).catch(() => {});
  }

  static async #claim(directory: string): Promise<DirectoryLock> {
    const path = join(directory, `lock-${processName()}`);
    try {
      const handle = await open(path, 'wx', FILE_MODE);
      await handle.close();
    } catch (cause) {
      const { code } = Object(cause) as NodeJS.ErrnoException;
      if (code === 'EEXIST') throw taken(directory, `process ${process.pid}, which is this one`);
      throw directoryError(directory, `cannot be locked (${code})`, cause);
    }
    return new DirectoryLock(path);
  }
}

/** Who else has the directory, for a message; locks of the dead are removed. */
async function otherHolder(directory: string, patienceMs: number): Promise<string | undefined> {
  const here = thisProcess();
  const unseen: string[] = [];
  for (const name of await readdir(directory)) {
    const [, boot, namespace, pid, start] = LOCK.exec(name) ?? [];
    if (pid === undefined || name === `lock-${processName()}`) continue;
    if (boot !== here.boot || namespace !== here.namespace) unseen.push(name);
    else if (startOf(Number(pid)) === start) return `process ${pid}`;
    else await unlink(join(directory, name)).catch(() => {});
  }
  for (const name of unseen) {
    const path = join(directory, name);
    if (await isBeating(path, patienceMs)) return 'a process on another machine or in another container';
    await unlink(path).catch(() => {});
  }
  return undefined;
}

/** Whether a lock's file is touched in this time. */
async function isBeating(path: string, patienceMs: number): Promise<boolean> {
  const first = await touchedAt(path);
  for (let look = 0; look < LOOKS; look++) {
    await new Promise<void>((resolve) => void setTimeout(resolve, patienceMs / LOOKS));
    const at = await touchedAt(path);
    if (at === undefined) return false;
    if (at !== first) return true;
  }
  return false;
}

async function touchedAt(path: string): Promise<bigint | undefined> {
  const status = await stat(path, { bigint: true }).catch(() => undefined);
  return status?.mtimeNs;
}

function taken(directory: string, holder: string): SnapvmError {
  return directoryError(
    directory,
    `is the directory of another server (${holder}); end that one, or give another directory`,
  );
}
