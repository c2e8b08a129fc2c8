/** Text of guests in messages and log lines: nothing in it commands a terminal or turns the text around. */
import test from 'ava';
import { escapeControls, escapeLine } from '../../src/base/escape.js';
import { Engine, GuestThrownError, SnapvmError } from '../../src/index.js';

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);
/** C0, DEL, C1, the bidirectional controls, the separators of lines and paragraphs. */
const COMMANDS = [
  range(0, 8),
  range(0xb, 0x1f),
  range(0x7f, 0x9f),
  [0x61c, 0x200e, 0x200f],
  range(0x2028, 0x202e),
  range(0x2066, 0x2069),
].flatMap((codes) => codes.map((code) => String.fromCharCode(code)));
const ALL = COMMANDS.join('x');
const ANY = new RegExp(
  `[${COMMANDS.map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}]`,
);

test('each control character is escaped as JSON writes it, and what is escaped stays', (t) => {
  for (const one of COMMANDS) {
    for (const escaped of [escapeControls(one), escapeLine(one)]) {
      t.regex(escaped, /^\\u[0-9a-f]{4}$/);
      t.is(JSON.parse(`"${escaped}"`), one);
      t.is(escapeControls(escaped), escaped);
    }
  }
  const all = COMMANDS.join('');
  t.is(JSON.parse(`"${escapeControls(all)}"`), all);
  t.is(JSON.parse(`"${escapeLine(all)}"`), all);
});

test('line breaks and tabs stay, and what scripts and emoji need', (t) => {
  const text = 'a\tb\nc\r\nd é 漢 \u{1f469}\u200d\u{1f52c} \u0645\u06cc\u200c\u062e \\n';
  t.is(escapeControls(text), text);
  t.is(escapeLine('a\tb\nc\r\n'), 'a\tb\\u000ac\\u000d\\u000a');
});

test('what a function throws, and the names it gives, are escaped in messages, stacks and log lines', async (t) => {
  const lines: string[] = [];
  const log = (_fields: object, text: string): void => void lines.push(text);
  const logger = { error: log, warn: log, info: log, debug: log, trace: log };
  const engine = await Engine.start({ workers: 1, logger });
  t.teardown(() => engine.close());
  const js = `export default (text) => {
    console.log(text);
    const boom = { [text]: () => { const error = new Error(text); error.name = text; throw error; } }[text];
    boom();
  };`;
  const handle = await engine.define('f', { js });
  const error = await t.throwsAsync(handle.call(ALL), { instanceOf: GuestThrownError });
  t.notRegex(error?.message ?? '', ANY);
  t.notRegex(error?.stack ?? '', ANY);
  t.notRegex(error?.thrown.stack ?? '', ANY);
  t.true(error?.message.includes('\\u001b'));
  t.is(error?.thrown.message, ALL); // what a program compares is as it was
  t.notRegex(lines.join(), ANY);
  t.true(lines.join().includes('\\u202e'));
});

test('so are the names, paths and options of callers', async (t) => {
  const engine = await Engine.start({ workers: 1 });
  t.teardown(() => engine.close());
  const given = ALL.replaceAll('\0', '');
  const refused = [
    () => engine.define('f', { elf: `/nowhere/${given}` }),
    () => engine.define('f', { js: { file: `/nowhere/${given}` } }),
    () =>
      engine.define('f', { js: `import '${given.replaceAll(/[\n\r\u2028\u2029]/g, '')}'; export default 1` }),
    () => engine.define('f', { js: 'export default () => 1' }, { [given]: 1 } as object),
    () => engine.define('f', { linux: '/bin/true', env: { [`${given}=`]: 'x' } }),
  ];
  for (const one of refused) {
    const error = await t.throwsAsync(one, { instanceOf: SnapvmError });
    t.notRegex(error?.message ?? '', ANY);
  }
});
