// What JavaScript functions say and ask: the console, and functions of the host.
import test from 'ava';
import type { HostCallContext, JsValue } from '../../src/index.js';
import { startEngine } from '../support/engine.js';
import { defineJs, guestErrorOf, keepLines, type Line } from '../support/js.js';

test('the console arrives at the logger with its level and the function', async (t) => {
  const lines: Line[] = [];
  const f = await defineJs(
    t,
    `console.log('evaluated');
     export default () => {
       console.error('e', new Error('bad').message);
       console.warn('%s is %d, %i and %j, 100%%', 'x', 1.5, 2.7, { a: [1] }, 'more');
       console.info({ a: 1, b: ['x', { c: { d: {} } }], f() {}, u: undefined }, [1, , 3], new Map([['k', new Set([1])]]));
       console.debug('debug');
       console.trace('trace');
       console.log('two\\nlines');
       console.log();
       console.log('é'.repeat(1000));
     };
     export const named = () => console.log('from named');`,
    { logLevel: 5 },
    { logger: keepLines(lines) },
  );
  t.deepEqual(lines.splice(0), [{ level: 'info', text: 'evaluated', fields: { function: 'f' } }]);
  await f.call();
  const told = lines.splice(0).map(({ level, text }) => `${level} ${text}`);
  t.deepEqual(told.slice(0, 8), [
    'error e bad',
    'warn x is 1.5, 2 and {"a":[1]}, 100% more',
    "info { a: 1, b: [ 'x', { c: [Object] } ], f: [Function: f], u: undefined } [ 1, <1 empty item>, 3 ] Map(1) { 'k' => Set(1) { 1 } }",
    'debug debug',
    'trace trace',
    'info two',
    'info lines',
    'info ',
  ]);
  t.deepEqual(told.slice(8), [`info ${'é'.repeat(512)}`, `info ${'é'.repeat(488)}`]); // no more than 1,024 bytes a line
  await f.call(undefined, { fn: 'named' });
  t.like(lines[0], { text: 'from named', fields: { function: 'f', fn: 'named' } });
});

test('host functions are called with values and awaited, and may answer values', async (t) => {
  const seen: { input: string; args: readonly unknown[]; fn: string | undefined }[] = [];
  const note = (input: Uint8Array, { args, fn }: HostCallContext): void => {
    seen.push({ input: Buffer.from(input).toString(), args, fn });
  };
  const f = await defineJs(
    t,
    `export default async (key) => {
       const one = await host.lookup(key, { deep: [new Uint8Array([1, 2])] });
       const [two, three] = await Promise.all([host.later(one.n), host.bytes()]);
       return { one, two, three: [...three], none: await host.nothing(), text: await host.text({ a: 1 }) };
     };`,
    { hostFunctions: ['lookup', 'later', 'bytes', 'nothing', 'text'] },
    {
      hostFunctions: {
        lookup: (input, context) => {
          note(input, context);
          return { n: 41, b: [new Uint8Array([9])] };
        },
        later: async (input, { args }) => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          return [Number(args[0]) + 1, Buffer.from(input).toString()];
        },
        bytes: (input) => new Uint8Array([input.length, 255]),
        nothing: () => undefined,
        text: (input, context) => {
          note(input, context);
          return 'text';
        },
      },
    },
  );
  t.deepEqual(await f.call('key'), {
    one: { n: 41, b: [new Uint8Array([9])] },
    two: [42, '41'],
    three: [0, 255],
    none: undefined,
    text: 'text',
  });
  t.deepEqual(seen, [
    { input: 'key', args: ['key', { deep: [new Uint8Array([1, 2])] }], fn: 'default' },
    { input: '{"a":1}', args: [{ a: 1 }], fn: 'default' },
  ]);
});

test('a host function that fails, is not allowed or answers nonsense rejects, and says no more than it may', async (t) => {
  const lines: Line[] = [];
  const f = await defineJs(
    t,
    `export default async (name, ...rest) => { try { return ['answered', await host[name](...rest)]; } catch (e) { return [e.name, e.message]; } };
     export const uncaught = () => host.fails();
     export const shape = () => [typeof host.anything, host.then === undefined, 'x' in host, Object.keys(host).length];
     export const big = async () => { try { await host.huge(); } catch (e) { return e.name; } };
     export const odd = async () => { try { await host.lookup(() => 1); } catch (e) { return e.message; } };`,
    { hostFunctions: ['fails', 'odd', 'huge', 'lookup'] },
    {
      logger: keepLines(lines),
      hostFunctions: {
        fails: () => {
          throw new Error('the password is 1234');
        },
        odd: () => (() => 1) as never,
        huge: () => new Uint8Array(2 ** 21),
        lookup: () => 1,
        other: () => 2,
      },
    },
  );
  t.deepEqual(await f.call('fails'), ['Error', 'host.fails failed']);
  t.regex(JSON.stringify(lines.map(({ fields }) => String(Reflect.get(fields, 'err')))), /1234/);
  t.deepEqual(await f.call('odd'), ['Error', 'host.odd failed']);
  t.is(((await f.call('other')) as JsValue[])[0], 'TypeError');
  t.regex(String(((await f.call('nowhere')) as JsValue[])[1]), /may not call host\.nowhere/);
  t.is(await f.call(undefined, { fn: 'big' }), 'RangeError');
  t.is(await f.call(undefined, { fn: 'odd' }), 'what is sent at [0] cannot be a function');
  t.deepEqual(await f.call(undefined, { fn: 'shape' }), ['function', true, false, 0]);
  t.is((await guestErrorOf(f.call(undefined, { fn: 'uncaught' }))).thrown.message, 'host.fails failed');
});

test('the host cannot be called while the module is evaluated', async (t) => {
  const f = await defineJs(
    t,
    `let said; try { await host.lookup(1); } catch (e) { said = e.message; }
     export default async () => [said, await host.lookup(1)];`,
    { hostFunctions: ['lookup'] },
    { hostFunctions: { lookup: () => 'now' } },
  );
  t.deepEqual(await f.call(), [
    'host.lookup: host functions can be called once the module is evaluated',
    'now',
  ]);
});

test('guests that wait for the host hold up nobody: all calls wait at once, and are told apart', async (t) => {
  const COUNT = 40;
  let waiting = 0;
  let goOn = (): void => {};
  const allWait = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  const engine = await startEngine(t, {
    workers: 1,
    hostFunctions: {
      slow: async (_input, { args }) => {
        waiting += 1;
        if (waiting === COUNT) goOn();
        await allWait;
        return args[0] as JsValue;
      },
    },
  });
  const f = await engine.define(
    'f',
    { js: 'export default (x) => host.slow(x)' },
    { hostFunctions: ['slow'], timeoutMs: 60_000 },
  );
  const numbers = Array.from({ length: COUNT }, (_, index) => index);
  const answers = await Promise.all(numbers.map((index) => f.call(index)));
  t.deepEqual(answers, numbers);
});

test('an error that is printed has the lines of its own source in the log', async (t) => {
  const lines: Line[] = [];
  const source = `// a first line
const late = () => {
  console.error(new RangeError('late'));
  console.log('    at nobody (nowhere.js:1)');
};
export default () => late();
`;
  const f = await defineJs(t, source, {}, { logger: keepLines(lines) });
  await f.call();
  const told = lines.map(({ text }) => text);
  t.deepEqual(told, [
    'RangeError: late',
    '    at late (function.js:3:21)',
    '    at default (function.js:6:22)',
    '    at nobody (nowhere.js:1)',
  ]);
});
