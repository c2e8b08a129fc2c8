// Which answer is cut off when all hold too much.
import test from 'ava';
import type { Logger } from '../../src/engine/logger.js';
import { type Answering, Unsent } from '../../src/server/http/unsent.js';

const SILENT: Logger = { error() {}, warn() {}, info() {}, debug() {}, trace() {} };

class Answer implements Answering {
  isCut = false;

  constructor(
    readonly tenant: string,
    readonly bytes: number,
  ) {}

  unsent(): number {
    return this.bytes;
  }

  cutOff(): void {
    this.isCut = true;
  }
}

/** Which of these are cut off, where all together may hold 100. */
function cut(...given: readonly (readonly [tenant: string, bytes: number])[]): number[] {
  const answers = given.map(([tenant, bytes]) => new Answer(tenant, bytes));
  const unsent = new Unsent(() => answers, 100, SILENT);
  unsent.sent(1000);
  unsent.close();
  return answers.flatMap(({ isCut }, at) => (isCut ? [at] : []));
}

test('as much as may be is left alone', (t) => {
  t.deepEqual(cut(), []);
  t.deepEqual(cut(['a', 60], ['b', 40]), []);
});

test('the largest answer of the tenant that has most goes first', (t) => {
  t.deepEqual(cut(['a', 60], ['b', 41]), [0]);
  t.deepEqual(cut(['a', 20], ['a', 50], ['b', 55]), [1]);
  t.deepEqual(cut(['a', 80], ['b', 90]), [1]);
});

test('as many go as have to, and none of those who hold little', (t) => {
  t.deepEqual(cut(['a', 90], ['b', 1], ['a', 90], ['a', 90]), [0, 2]);
});

test('what is small is not looked at with each answer', (t) => {
  let looks = 0;
  const answers = function* (): Iterable<Answering> {
    looks += 1;
    yield new Answer('a', 1);
  };
  const unsent = new Unsent(answers, 100, SILENT);
  t.teardown(() => unsent.close());
  for (let turn = 0; turn < 12; turn++) unsent.sent(1);
  t.is(looks, 0);
  unsent.sent(1);
  t.is(looks, 1);
});
