/** Closing while guests make the addon throw, and engines in several threads of one process. */
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { codeOf, settle, startEngine } from '../support/engine.js';
import { guestPath, scaled } from '../support/sandbox.js';

const FORGE = { elf: guestPath('hostile/forge') };
const ECHO = { elf: guestPath('examples/echo') };

// A thread that is being ended takes no JavaScript exception from the addon, which must not end the process then.
test.serial(
  'an engine that is closed while guests break the protocol closes, and the process lives',
  async (t) => {
    for (let turn = 0; turn < scaled(40, 3); turn++) {
      const engine = await startEngine(t, { workers: 2 });
      const forge = await engine.define('forge', FORGE);
      let ended = false;
      const caller = async (): Promise<void> => {
        while (!ended)
          ended = (await codeOf(forge.call('', { fn: 'abi_wrong' }))) === 'SNAPVM_ENGINE_CLOSED' || ended;
      };
      const callers = Array.from({ length: 8 }, caller);
      await new Promise((resolve) => setTimeout(resolve, 15));
      await engine.close();
      await Promise.all(callers);
    }
    t.pass();
  },
);

test.serial('a thread that exits with an engine of its own leaves other engines alone', async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const echo = await engine.define('echo', ECHO);
  t.is(await settle(echo.call('before')), 'before');
  const index = new URL('../../src/index.js', import.meta.url).href;
  const code = `import(${JSON.stringify(index)}).then(({ Engine }) => Engine.start({ workers: 1 })).then(() => process.exit(0));`;
  const other = new Worker(code, { eval: true });
  await new Promise((resolve) => other.once('exit', resolve));
  t.is(await settle(echo.call('after')), 'after');
});
