// What a JavaScript guest can make the main thread do is bounded, and linear in what the guest wrote.
import test from 'ava';
import { checkPolicy } from '../../src/engine/policy.js';
import { StackMap } from '../../src/guests/js/stack.js';
import { kindOf } from '../../src/guests/kinds.js';

const MAP = JSON.stringify({ version: 3, names: [], sources: ['mine.ts'], mappings: ';;AAGA' });
/** Linear work takes milliseconds, what it stands in for took tens of seconds. */
const GUARD_MS = 8_000;

function counted(): { readonly stacks: StackMap; readonly reads: { map: number } } {
  const reads = { map: 0 };
  const bundle = {
    name: 'f.js',
    code: '',
    get map() {
      reads.map++;
      return MAP;
    },
    warnings: [],
  };
  return { stacks: new StackMap(bundle), reads };
}

test('a bundle is read once, however many frames a guest forges', (t) => {
  const { stacks, reads } = counted();
  const lines = Array.from({ length: 1150 }, (_, i) => ({ level: 3, text: `    at name${i} (f.js:${i}:1)` }));
  for (let call = 0; call < 3; call++) stacks.logLines(lines);
  for (let call = 0; call < 3; call++) stacks.frames('    at known (f.js:3:1)\n'.repeat(50));
  t.deepEqual(reads, { map: 1 });
});

test('a frame is where its line and column are in the sources, and none without them', (t) => {
  const { stacks } = counted();
  t.deepEqual(
    stacks.frames(
      '    at one (f.js:3:9)\n    at f (f.js)\n    at f (f.js:3)\n    at f (f.js:0:0)\n    at (f.js:3:1)',
    ),
    ['    at one (mine.ts:4:1)'],
  );
});

test('of one log 500 lines are read as frames, and the others stay as they are', (t) => {
  const { stacks } = counted();
  const frame = { level: 3, text: '    at known (f.js:3:1)' };
  const read = stacks.logLines([{ level: 1, text: 'said' }, ...Array.from({ length: 501 }, () => frame)]);
  t.deepEqual(read[0], { level: 1, text: 'said' });
  t.is(read.filter(({ text }) => text.includes('mine.ts')).length, 500);
  t.is(read.at(-1)?.text, frame.text);
});

test('a line that begins like a frame and never ends as one takes linear time', (t) => {
  const { stacks } = counted();
  const text = `    at ${' ('.repeat(300_000)}\u2028)`;
  const since = performance.now();
  t.is(stacks.logLines([{ level: 3, text }])[0]?.text, text);
  t.true(performance.now() - since < GUARD_MS);
});

test('a guest that logs for nobody has no log kept', (t) => {
  const kind = kindOf({ js: '' });
  const kept = (logged: boolean) =>
    checkPolicy(kind, { maxLogBytes: 1000 }, new Map(), logged).sandbox.maxLogBytes;
  t.is(kept(true), 1000);
  t.is(kept(false), 0);
});
