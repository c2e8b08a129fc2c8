// Lua 5.4 and QuickJS's own command, unmodified, say in a guest what they say on this machine's Linux.
import test from 'ava';
import { Engine } from '../../src/index.js';
import { assertSame, inGuest, outcomeOf } from '../support/linux.js';
import { lua, quickjs, TWO_KINDS } from '../support/linux-build.js';
import * as scripts from '../support/linux-scripts.js';
import { testWith } from '../support/test-with.js';

let engine: Engine;
test.before(async () => {
  engine = await Engine.start({ workers: 1 });
});
test.after.always(() => engine.close());

const NUMBERS = '1\n20\nx\n300\n';

testWith(lua(), 'Lua: language, library, files and input', async (t, program) => {
  const files = { '/data/script.lua': scripts.LUA_LANGUAGE };
  const args = ['/data/script.lua', 'first', 'second'];
  const result = await assertSame(t, engine, program(), { args, files, env: { A: '1' }, stdin: NUMBERS });
  t.is(result.exitCode, 9);
  t.true(result.stdout.length > 300);
});

testWith(lua(), 'Lua: a script on standard input', async (t, program) => {
  await assertSame(t, engine, program(), { stdin: 'for i = 1, 3 do print(i, i ^ 2) end' });
});

testWith(lua(), 'Lua: an error, its traceback and the exit code', async (t, program) => {
  const files = { '/e.lua': scripts.LUA_ERROR };
  const result = await assertSame(t, engine, program(), { args: ['/e.lua'], files });
  t.is(result.exitCode, 1);
  await assertSame(t, engine, program(), { args: ['/missing.lua'] });
  await assertSame(t, engine, program(), { stdin: 'this is no Lua' });
});

testWith(lua(), 'Lua: io.popen fails and says so', async (t, program) => {
  const stdin = 'print(pcall(io.popen, "ls")) print(os.execute("ls"))';
  const result = await inGuest(engine, program(), { stdin });
  t.is(result.exitCode, 0);
  t.regex(outcomeOf(result).stdout, /Function not implemented/);
  t.true(result.unhandledSyscalls.length > 0);
});

for (const kind of TWO_KINDS) {
  testWith(quickjs(kind), `QuickJS: language, library, files and input (${kind})`, async (t, program) => {
    const files = { '/data/script.js': scripts.QUICKJS_LANGUAGE };
    const args = ['-m', '/data/script.js', 'first'];
    const result = await assertSame(t, engine, program(), { args, files, env: { A: '1' }, stdin: NUMBERS });
    t.is(result.exitCode, 7);
    t.true(result.stdout.length > 500);
  });

  testWith(quickjs(kind), `QuickJS: an error that nobody catches (${kind})`, async (t, program) => {
    const files = { '/e.js': scripts.QUICKJS_ERROR };
    const result = await assertSame(t, engine, program(), { args: ['/e.js'], files });
    t.is(result.exitCode, 1);
    await assertSame(t, engine, program(), { args: ['-e', 'print(1 +'] });
    await assertSame(t, engine, program(), { args: ['/missing.js'] });
    await assertSame(t, engine, program(), { args: ['-e', 'print([1, 2, 3].map((x) => x * x))'] });
    await assertSame(t, engine, program(), { args: ['--help'] });
  });

  testWith(
    quickjs(kind),
    `QuickJS: no memory left is an error in the program (${kind})`,
    async (t, program) => {
      const args = [
        '-e',
        'const a = []; try { for (;;) a.push(new Uint8Array(1e6)); } catch (e) { print(e.name, a.length > 5); }',
      ];
      const result = await inGuest(engine, program(), { args });
      t.is(outcomeOf(result).stdout, 'InternalError true\n');
    },
  );
}
