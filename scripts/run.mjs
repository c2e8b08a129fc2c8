// Runs a program for a script; what it printed is shown only when it fails, and then the script ends.
import { spawnSync } from 'node:child_process';

/** @returns {string} its output */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.status === 0) return result.stdout;
  console.error(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  const cause = result.error?.message ?? `status ${result.status ?? result.signal}`;
  console.error(`snapvm: ${[program, ...args].join(' ').slice(0, 500)}: ${cause}`);
  process.exit(1);
}
