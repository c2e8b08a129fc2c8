// Random programs of control flow answer in a guest as they do in Node: labels, loops, switch, try, generators, async.
// SNAPVM_PROGRAMS=20000 npm test -- dist/test/guests/js-random.test.js runs so many; SNAPVM_SEED=n other ones.
import test from 'ava';
import fc from 'fast-check';
import { Engine, type JsHandle, SnapvmError } from '../../src/index.js';
import { type Program, programs, RUN, textOf } from '../support/js-random.js';

const PROGRAMS = Number(process.env['SNAPVM_PROGRAMS'] ?? 300);
const SEED = Number(process.env['SNAPVM_SEED'] ?? 1);
const BATCH = 200;
/** So that they can be read; each is looked for in a call of its own. */
const MOST_SHRINKS = 3000;

type Run = (texts: readonly string[]) => Promise<readonly string[]>;
const inNode = (
  (await import(`data:text/javascript,${encodeURIComponent(RUN)}`)) as { readonly default: Run }
).default;
let engine: Engine;
let handle: JsHandle;

test.before(async () => {
  engine = await Engine.start({ workers: 1 });
  handle = await engine.define('random', { js: RUN }, { timeoutMs: 60_000, inputBytes: 8 * 2 ** 20 });
});
test.after.always(() => engine.close());

test.serial(`${PROGRAMS} random programs answer as they do in Node (seed ${SEED})`, async (t) => {
  t.timeout(3_600_000);
  let wrong = 0;
  let first: string | undefined;
  for (let at = 0; at < PROGRAMS; at += BATCH) {
    const seed = SEED + at;
    const texts = fc.sample(programs, { seed, numRuns: Math.min(BATCH, PROGRAMS - at) }).map(textOf);
    const [node, guest] = [await inNode(texts), await inGuest(texts)];
    const places = texts.flatMap((_, index) => (node[index] === guest[index] ? [] : [index]));
    wrong += places.length;
    if (places[0] !== undefined) first ??= await smallest(seed, places[0]);
  }
  t.is(wrong, 0, `${wrong} of ${PROGRAMS} programs answer otherwise. The first, made smaller:\n${first}`);
});

test('what it compares are programs that do something', async (t) => {
  const texts = fc.sample(programs, { seed: SEED, numRuns: 500 }).map(textOf);
  const answers = await inNode(texts);
  t.true(new Set(answers).size > 100, 'they differ');
  t.deepEqual(
    answers.filter((answer) => answer.includes('Error')),
    [],
    'none is wrong by itself',
  );
  for (const word of ['break A', 'continue A', 'finally', 'yield', 'yield*', 'await', 'switch', 'for await'])
    t.true(
      texts.some((text) => text.includes(word)),
      word,
    );
});

/** What ends a call, such as memory that is used up, belongs to one of them. */
async function inGuest(texts: readonly string[]): Promise<readonly string[]> {
  try {
    return (await handle.call(texts)) as readonly string[];
  } catch (error) {
    if (!(error instanceof SnapvmError)) throw error;
    if (texts.length === 1) return [`${error.code}: ${error.message}`];
    const answers = [];
    for (const text of texts) answers.push(...(await inGuest([text])));
    return answers;
  }
}

/** fast-check makes the program with this number once more, and shrinks it. */
async function smallest(seed: number, index: number): Promise<string> {
  const differs = async (program: Program): Promise<boolean> => {
    const texts = [textOf(program)];
    const [[node], [guest]] = [await inNode(texts), await inGuest(texts)];
    return node === guest;
  };
  const { counterexample } = await fc.check(fc.asyncProperty(programs, differs), {
    seed,
    path: String(index),
    numRuns: MOST_SHRINKS,
  });
  if (counterexample === null) return `the program ${index} of seed ${seed} differs only beside others`;
  const text = textOf(counterexample[0]);
  const [[node], [guest]] = [await inNode([text]), await inGuest([text])];
  return `${text}\nNode:  ${node}\nguest: ${guest}`;
}
