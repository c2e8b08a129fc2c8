/** The packages of the peers, in bench/node_modules. They are none of the project's own dependencies. */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Of the sources: compiled, this is dist/bench/peers. */
export const BENCH = new URL('../../../bench/', import.meta.url);

/** Loads from bench/node_modules what could not be imported from here. */
export const requirePeer = createRequire(new URL('package.json', BENCH));

const run = promisify(execFile);

/** Does nothing if they are there. Takes most of a minute where isolated-vm has to be compiled. */
export async function installPeers(
  progress: (text: string) => void,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  if (isInstalled() && (await isCompiled())) return { ok: true };
  progress('peers: npm ci in bench/');
  try {
    // An npm that runs this may have been told to be silent, and passes that on.
    await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: fileURLToPath(BENCH),
      env: environment(),
      maxBuffer: 1 << 28,
    });
  } catch (error) {
    return { ok: false, reason: `npm ci failed in bench/. ${reason(error)}` };
  }
  if (await isCompiled()) return { ok: true };
  return {
    ok: false,
    reason: 'npm ci ended well in bench/, but isolated-vm, which it compiles, cannot be loaded.',
  };
}

export function installedVersion(name: string): string {
  return readPackage(`node_modules/${name}/package.json`).version ?? 'unknown';
}

function isInstalled(): boolean {
  const wanted = Object.entries(readPackage('package.json').devDependencies ?? {});
  return wanted.every(
    ([name, version]) =>
      existsSync(new URL(`node_modules/${name}/package.json`, BENCH)) && installedVersion(name) === version,
  );
}

/** Another version of Node may have installed it. In a process of its own: it may crash one with the wrong options. */
async function isCompiled(): Promise<boolean> {
  try {
    await run(process.execPath, ['--no-node-snapshot', '-e', 'require("isolated-vm")'], {
      cwd: fileURLToPath(BENCH),
    });
    return true;
  } catch {
    return false;
  }
}

/** What node-gyp compiles with: headers that are there need not be downloaded. */
function environment(): NodeJS.ProcessEnv {
  const prefix = dirname(dirname(process.execPath));
  if (!existsSync(join(prefix, 'include/node/node_api.h'))) return process.env;
  return { ...process.env, npm_config_nodedir: prefix };
}

function readPackage(path: string): { version?: string; devDependencies?: Record<string, string> } {
  return JSON.parse(readFileSync(new URL(path, BENCH), 'utf8'));
}

/** The line of npm's output that says most: what node-gyp stopped at, or the first that is no code or place. */
function reason(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message?: string };
  const lines = (stderr ?? '')
    .split('\n')
    .filter((line) => /^npm (error|ERR!)/.test(line))
    .map((line) => line.replace(/^npm (error|ERR!)/, '').trim());
  const compiling = lines
    .find((line) => line.startsWith('gyp ERR! stack'))
    ?.replace('gyp ERR! stack', 'node-gyp:');
  const first = lines.find((line) => line !== '' && !/^(code|syscall|errno|path|command)\b/.test(line));
  return compiling ?? first ?? message ?? String(error);
}
