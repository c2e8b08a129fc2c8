/** For hooks: every thread of the process gets another build of the addon where the engine asks for its own. */
import path = require('node:path');

type Load = (module: object, file: string, ...flags: number[]) => void;

/** Of the build that scripts/second-addon.mjs made by this name. */
export = function useSecondAddon(name: string): void {
  const build = path.join(__dirname, `../../../build/${name}/build/Release/snapvm-${name}.node`);
  const load = process.dlopen as Load;
  process.dlopen = (module: object, file: string, ...flags: number[]): void => {
    load.call(process, module, /\/snapvm[^/]*\.node$/.test(file) ? build : file, ...flags);
  };
};
