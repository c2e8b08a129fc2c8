/**
 * What piscina loads. It tries require() first, and Node ends the whole process when a thread is terminated while it
 * requires an ES module; an import() may be cut short.
 */
import type { WorkerSetup } from '../src/wire/protocol.js' with { 'resolution-mode': 'import' };

export = async function attach(setup: WorkerSetup): Promise<number> {
  const main = await import('./main.js');
  return main.default(setup);
};
