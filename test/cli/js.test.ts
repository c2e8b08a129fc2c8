/** `snapvm js` as a user meets it. One after the other, as each starts an engine. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { json, snapvm } from '../support/cli.js';

const FOLDER = mkdtempSync(join(tmpdir(), 'snapvm-cli-js-'));
test.after.always(() => rmSync(FOLDER, { recursive: true }));

const FUNCTION = join(FOLDER, 'function.js');
const EVENT = join(FOLDER, 'event.json');
writeFileSync(EVENT, '{"name":"from a file"}');
writeFileSync(
  FUNCTION,
  `export default (event) => { console.log('called'); return { hello: event?.name ?? 'nobody', bytes: [new Uint8Array([1, 2])] }; };
export const bytes = () => new Uint8Array([0, 255, 10]);
export const nothing = () => {};
export const odd = () => { const o = { m: new Map([[1n, new Set(['a'])]]), d: new Date(0), n: NaN, f: new Float32Array([1.5]), b: new ArrayBuffer(1), r: /a/g, e: new TypeError('t'), u: [undefined] }; o.o = o; return o; };
export const cause = () => { const e = new Error('odd'); e.cause = new Map([[1n, e]]); throw e; };
export const boom = () => {
  throw new RangeError('no \\u001b[31m');
};
export const spin = () => { for (;;); };
export const price = () => [new Intl.NumberFormat('de').format(1234.5), new Intl.NumberFormat('fr').format(1234.5)];
`,
);

test.serial('the answer goes to stdout as JSON, the console to stderr', async (t) => {
  const { code, stdout, stderr } = await snapvm(['js', FUNCTION, '--event', '{"name":"Ada"}']);
  t.is(code, 0);
  t.deepEqual(JSON.parse(stdout.toString()), { hello: 'Ada', bytes: [{ base64: 'AQI=' }] });
  t.is(stderr, '[info] called\n');
});

test.serial('the event comes from a file or stdin, or there is none', async (t) => {
  const hello = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await snapvm(['js', FUNCTION, ...args], { stdin: '{"name":"from stdin"}' });
    return (JSON.parse(stdout.toString()) as { hello: unknown }).hello;
  };
  t.is(await hello('--event', `@${EVENT}`), 'from a file');
  t.is(await hello('--event', '-'), 'from stdin');
  t.is(await hello(), 'nobody');
});

test.serial('bytes are written as they are, and nothing as nothing', async (t) => {
  t.deepEqual((await snapvm(['js', FUNCTION, '--fn', 'bytes'])).stdout, Buffer.from([0, 255, 10]));
  t.deepEqual((await snapvm(['js', FUNCTION, '--fn', 'nothing'])).stdout, Buffer.alloc(0));
});

test.serial('Intl knows the languages that are asked for', async (t) => {
  const said = async (...args: string[]): Promise<unknown> => {
    const { stdout } = await snapvm(['js', FUNCTION, '--fn', 'price', ...args]);
    return JSON.parse(stdout.toString());
  };
  t.deepEqual(await said(), ['1,234.5', '1,234.5']);
  t.deepEqual(await said('--locale', 'de', '--locale', 'fr'), ['1.234,5', '1\u202f234,5']);
  const { code, stderr } = await snapvm(['js', FUNCTION, '--locale', 'nowhere']);
  t.is(code, 2);
  t.regex(stderr, /js\.locales\[0\] is "nowhere"; it must be one of af, am/);
});

test.serial('what JSON has not is shown by what it has', async (t) => {
  const shown = {
    m: { map: [['1', { set: ['a'] }]] },
    d: '1970-01-01T00:00:00.000Z',
    n: 'NaN',
    f: { Float32Array: [1.5] },
    b: { base64: 'AA==' },
    r: '/a/g',
    e: { name: 'TypeError', message: 't' },
    u: [null],
    o: { same: '$' },
  };
  t.deepEqual(JSON.parse((await snapvm(['js', FUNCTION, '--fn', 'odd'])).stdout.toString()), shown);
  t.like(await json(t, ['js', FUNCTION, '--fn', 'odd', '--json']), { result: shown });
  const { stdout } = await snapvm(['js', FUNCTION, '--fn', 'cause', '--json']);
  t.like(JSON.parse(stdout.toString()), {
    error: {
      thrown: { message: 'odd', cause: { map: [['1', { name: 'Error', cause: { same: '$.cause' } }]] } },
    },
  });
});

test.serial('--json says what was answered, or what was thrown', async (t) => {
  const answered = (await json(t, ['js', FUNCTION, '--fn', 'bytes', '--json'])) as Record<string, unknown>;
  t.like(answered, { result: { base64: 'AP8K' }, fn: 'bytes' });
  const { code, stdout } = await snapvm(['js', FUNCTION, '--fn', 'boom', '--json']);
  t.is(code, 1);
  t.like(JSON.parse(stdout.toString()), {
    error: { code: 'SNAPVM_JS_ERROR', thrown: { name: 'RangeError', message: 'no \u001b[31m' } },
  });
});

test.serial('failures say where, in words that a terminal does not obey', async (t) => {
  const boom = await snapvm(['js', FUNCTION, '--fn', 'boom']);
  t.is(boom.code, 1);
  t.regex(
    boom.stderr,
    /^snapvm: SNAPVM_JS_ERROR: function\.boom: RangeError: no \\u001b\[31m\n {4}at boom \(.*function\.js:7:\d+\)\n$/,
  );
  t.is((await snapvm(['js', FUNCTION, '--fn', 'spin', '--timeout-ms', '50'])).code, 124);
  const usage = await snapvm(['js', FUNCTION, '--event', '{name:1}']);
  t.is(usage.code, 2);
  t.regex(usage.stderr, /--event is not JSON/);
  const bad = join(FOLDER, 'bad.js');
  writeFileSync(bad, 'export default () => 1;\nlet = 5;;\nconst x =');
  t.regex((await snapvm(['js', bad])).stderr, /SNAPVM_JS_SYNTAX: .*bad\.js:\d+:\d+: /);
  t.regex((await snapvm(['js', join(FOLDER, 'missing.js')])).stderr, /SNAPVM_JS_BUNDLE: .*missing\.js/);
});
