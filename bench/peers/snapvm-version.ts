import { readFileSync } from 'node:fs';
import { BENCH } from './install.js';

/** Of the sources that are measured. */
export function snapvmVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', BENCH), 'utf8')).version;
}
