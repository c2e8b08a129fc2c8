/** For hooks: every thread of the process gets another build of the addon where the engine asks for its own. */
import { fileURLToPath } from 'node:url';

/** Of the build that scripts/second-addon.mjs made by this name. */
export function useSecondAddon(name: string): void {
  const path = `../../../build/${name}/build/Release/snapvm-${name}.node`;
  const build = fileURLToPath(new URL(path, import.meta.url));
  const load = process.dlopen as (module: object, file: string, ...flags: number[]) => void;
  process.dlopen = (module: object, file: string, ...flags: number[]): void => {
    load.call(process, module, /\/snapvm[^/]*\.node$/.test(file) ? build : file, ...flags);
  };
}
