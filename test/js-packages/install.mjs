// The packages, in a node_modules of this folder: they are none of the project's own, and no script of theirs runs.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Does nothing if they are there. @throws Error when they cannot be had */
export function installPackages(folder) {
  if (isInstalled(folder)) return;
  console.error('test:packages: npm ci in test/js-packages (1.2 GB, some minutes)');
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, error } = spawnSync('npm', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0)
    throw new Error(`npm ci failed in test/js-packages: ${error?.message ?? `status ${status}`}`);
}

/** Whether each package has the version that is asked for. */
function isInstalled(folder) {
  const { dependencies } = readPackage(join(folder, 'package.json'));
  return Object.entries(dependencies).every(([name, wanted]) => {
    const file = join(folder, 'node_modules', name, 'package.json');
    return existsSync(file) && readPackage(file).version === wanted.slice(wanted.lastIndexOf('@') + 1);
  });
}

function readPackage(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
