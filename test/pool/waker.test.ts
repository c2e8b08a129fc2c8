// When a worker that sleeps is woken, and for how long it spins before it does.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { Waker } from '../../src/pool/waker.js';
import { RING, WORD } from '../../src/wire/ring.js';

interface Sleeper {
  readonly words: Int32Array;
  readonly waker: Waker;
  /** How often it was woken so far. */
  readonly wakes: () => Promise<number>;
}

/** A worker that sleeps on its doorbell, and does again whenever it was woken. */
function sleeper(): Sleeper {
  const words = new Int32Array(new SharedArrayBuffer(RING.bytes));
  words[WORD.asleep] = 1;
  let woken = 0;
  const wait = (): void => {
    const { async, value } = Atomics.waitAsync(words, WORD.doorbell, Atomics.load(words, WORD.doorbell));
    if (!async) throw new Error('it does not sleep');
    void value.then(() => {
      woken += 1;
      wait();
    });
  };
  wait();
  // What wakes it is told by a task of its own.
  const wakes = async (): Promise<number> => {
    await sleep(250);
    return woken;
  };
  return { words, waker: new Waker(words), wakes };
}

test.serial('the only call wakes it at once; more come when the turn of the event loop ends', async (t) => {
  const { words, waker, wakes } = sleeper();
  const notify = Atomics.notify;
  t.teardown(() => Object.assign(Atomics, { notify }));
  let calls = 0;
  Object.assign(Atomics, {
    notify: (...given: Parameters<typeof notify>) => {
      calls += 1;
      return notify(...given);
    },
  });
  const began = performance.now();
  waker.ring(true);
  for (let turn = 0; turn < 5; turn++) waker.ring(false);
  const atOnce = calls;
  // Where this thread had no processor for a while, one more each millisecond.
  t.true(atOnce >= 1 && atOnce <= 1 + Math.floor(performance.now() - began), `${atOnce}`);
  await nextTurn();
  await nextTurn();
  t.is(calls, atOnce + 1);
  t.is(words[WORD.doorbell], 6);
  t.true((await wakes()) >= 2);
});

test('one that is awake is not woken, and sees that something came', async (t) => {
  const { words, waker, wakes } = sleeper();
  words[WORD.asleep] = 0;
  waker.ring(true);
  waker.ring(false);
  waker.prod();
  t.is(words[WORD.doorbell], 2);
  t.is(await wakes(), 0);
});

test('one that fell asleep before its turn ended is woken in the end', async (t) => {
  const { words, waker, wakes } = sleeper();
  waker.ring(true);
  waker.ring(false);
  words[WORD.asleep] = 0;
  await nextTurn();
  await nextTurn();
  words[WORD.asleep] = 1;
  waker.ring(true);
  t.true((await wakes()) >= 2);
});

test('it is awake for a call that is about to come', async (t) => {
  const { waker, wakes } = sleeper();
  waker.prod();
  t.is(await wakes(), 1);
});

test('it spins longer where that would have caught the last call, and not where it may not', async (t) => {
  const { words, waker } = sleeper();
  waker.allowSpin(true);
  const short = words[WORD.spinUs] ?? 0;
  t.true(short > 0);
  // Unless this thread had no processor between the two, the first time.
  for (let turn = 0; turn < 1000 && words[WORD.spinUs] === short; turn++) {
    waker.rests();
    waker.ring(true);
  }
  const long = words[WORD.spinUs] ?? 0;
  t.true(long > short);
  waker.rests();
  await sleep(long / 1000 + 1);
  waker.ring(true);
  t.is(words[WORD.spinUs], short);
  waker.allowSpin(false);
  t.is(words[WORD.spinUs], 0);
  waker.rests();
  waker.prod();
  t.is(words[WORD.spinUs], 0);
});
