// Test runners: a user's test file that calls functions.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const VITEST = ['vitest@4.1.12', 'vite@8.3.8'];
const JEST = ['jest@30.5.2'];

/** @type {readonly import('./main.mjs').Case[]} */
export const RUNNER_CASES = [
  { name: 'vitest', quick: true, run: vitest },
  { name: 'jest', quick: true, run: jest },
];

function vitest(workspace) {
  const folder = workspace.create('by-vitest', ['vitest.test.mjs']);
  workspace.npm(folder, ['install', '--prefer-offline', workspace.tarball, ...VITEST]);
  workspace.run('node', ['node_modules/vitest/vitest.mjs', 'run'], folder);
  return [VITEST.join(', ')];
}

/** snapvm is an ES module, which jest loads with Node's --experimental-vm-modules only. */
function jest(workspace) {
  const folder = workspace.create('by-jest', ['jest.test.mjs'], { type: 'module' });
  writeFileSync(
    join(folder, 'jest.config.json'),
    JSON.stringify({ testEnvironment: 'node', transform: {}, testMatch: ['**/*.test.mjs'] }),
  );
  workspace.npm(folder, ['install', '--prefer-offline', workspace.tarball, ...JEST]);
  workspace.run('node', ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'], folder);
  return [JEST.join(', ')];
}
