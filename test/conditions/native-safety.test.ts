/** That every cast of the addon that the compiler cannot check says what upholds it. */
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';

const NATIVE = new URL('../../../native/', import.meta.url);
const CAST = /\b(?:reinterpret_cast|const_cast)</;
/** One `SAFETY:` may be for several casts of one function: it stands at most so many lines before, or two behind. */
const [BEFORE, BEHIND] = [10, 2];

/** The lines with a cast and no `SAFETY:` near them. */
function unexplained(text: string): string[] {
  const lines = text.split('\n');
  return lines.filter((line, index) => {
    if (!CAST.test(line.replace(/\/\/.*/, ''))) return false;
    return !lines
      .slice(Math.max(0, index - BEFORE), index + BEHIND + 1)
      .some((near) => near.includes('SAFETY:'));
  });
}

const sources = readdirSync(NATIVE, { recursive: true, encoding: 'utf8' }).filter((name) =>
  /\.(?:cc|h)$/.test(name),
);

test('every reinterpret_cast and const_cast has a line SAFETY: that says who upholds what', (t) => {
  t.true(sources.length > 80);
  const found = sources.flatMap((name) =>
    unexplained(readFileSync(new URL(name, NATIVE), 'utf8')).map((line) => `${name}: ${line.trim()}`),
  );
  t.deepEqual(found, []);
});

test('a cast without one is found', (t) => {
  const cast = '  return reinterpret_cast<int*>(bytes);';
  t.deepEqual(unexplained(`int* f(void* bytes) {\n${cast}\n}`), [cast]);
  t.deepEqual(unexplained(`int* f(void* bytes) {\n  // SAFETY: aligned by new.\n${cast}\n}`), []);
  t.deepEqual(unexplained('// reinterpret_cast<int*>(bytes) would be wrong'), []);
});
