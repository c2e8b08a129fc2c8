/**
 * For `node --import`: every thread of the process gets the test build of the addon (`npm run build:faults`) where the
 * engine asks for its own. Only faults-sweep.ts is run so; the package has no such way in.
 */
import { fileURLToPath } from 'node:url';

const TEST_BUILD = fileURLToPath(
  new URL('../../../build/faults/build/Release/snapvm-faults.node', import.meta.url),
);

const load = process.dlopen as (module: object, file: string, ...flags: number[]) => void;
process.dlopen = (module: object, file: string, ...flags: number[]): void => {
  load.call(process, module, /\/snapvm[^/]*\.node$/.test(file) ? TEST_BUILD : file, ...flags);
};
