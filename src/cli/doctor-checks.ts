/** What `snapvm doctor` looks at first, one check a function: each says what it found, or what is wrong and the fix. */
import { release } from 'node:os';
import { addon } from '../addon/addon.js';
import { probeBackends } from '../engine/backend.js';
import { loadMonitor } from '../snapshot/monitor.js';
import { describeMachine, MACHINE_FILES, machineText } from './machine.js';

/** What a check found: words for people, data for programs. */
export interface Finding {
  readonly text: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Check {
  readonly name: string;
  /** @throws CheckFailed, or anything the machine throws */
  readonly look: () => Finding | Promise<Finding>;
}

/** A machine that lacks something, and what to do about it. */
export class CheckFailed extends Error {
  readonly fix: string;

  constructor(message: string, fix: string, options?: ErrorOptions) {
    super(message, options);
    this.fix = fix;
  }
}

/** What every backend needs, in order of need: what follows a failure is not worth trying. */
export const MACHINE_CHECKS: readonly Check[] = [
  { name: 'platform', look: checkPlatform },
  { name: 'Node', look: checkNode },
  { name: 'machine', look: checkMachine },
  { name: 'addon', look: checkAddon },
  { name: 'guests', look: checkGuests },
];

/** package.json's engines. */
const LEAST_NODE = { major: 20, minor: 19 };

function checkPlatform(): Finding {
  const { platform, arch } = process;
  if (platform !== 'linux' || arch !== 'x64') {
    throw new CheckFailed(
      `this is ${platform} on ${arch}`,
      'use a Linux machine, virtual machine or container with an x86-64 processor',
    );
  }
  return { text: `Linux ${release()} on x86-64`, data: { platform, arch, kernel: release() } };
}

function checkNode(): Finding {
  const { node } = process.versions;
  const [major = 0, minor = 0] = node.split('.').map(Number);
  if (major < LEAST_NODE.major || (major === LEAST_NODE.major && minor < LEAST_NODE.minor)) {
    const least = `${LEAST_NODE.major}.${LEAST_NODE.minor}`;
    throw new CheckFailed(`Node ${node} is too old`, `install Node ${least} or later`);
  }
  return { text: node, data: { version: node } };
}

async function checkMachine(): Promise<Finding> {
  const backends = await probeBackends().catch(() => []); // what is wrong, checks that follow say
  const xcr0 = backends.flatMap(({ backend, capabilities }) =>
    capabilities === undefined ? [] : [[backend, capabilities.xcr0]],
  );
  const machine = describeMachine(MACHINE_FILES, Object.fromEntries(xcr0));
  return { text: machineText(machine), data: { ...machine } };
}

function checkAddon(): Finding {
  addon();
  return { text: 'loads' };
}

async function checkGuests(): Promise<Finding> {
  await loadMonitor();
  return { text: 'the monitor is built' };
}
