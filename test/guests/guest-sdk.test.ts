// The example guests, and what the SDK promises their authors: output, host calls, logs, heap.
import test from 'ava';
import { HOST_STATUS as ANSWER } from '../../src/wire/protocol.js';
import type { Found } from '../support/linux-build.js';
import { RING_0 } from '../support/ring-0.js';
import { type Outcome, type ReadyGuest, readyGuest, scaled, show } from '../support/sandbox.js';
import { testWith } from '../support/test-with.js';

const CAPACITY = 0x4000 - 64;
const RINGS = ['', '.supervisor'] as const;
const EVERYWHERE: Found<true> = { value: true };

function textOf(outcome: Outcome): string {
  return outcome.kind === 'result' ? Buffer.from(outcome.output).toString() : show(outcome);
}

for (const ring of RINGS) {
  testWith(
    ring === '' ? EVERYWHERE : RING_0,
    `echo${ring} answers what it got, and reverses it`,
    async (t) => {
      const guest = await readyGuest(t, `examples/echo${ring}`);
      const full = Buffer.from(Uint8Array.from({ length: CAPACITY }, (_, i) => i * 7));
      // Ring 0 is emulated on the development machine, at a microsecond an instruction.
      const inputs = [
        Buffer.alloc(0),
        Buffer.from('x'),
        Buffer.from('stressed'),
        ring === '' ? full : full.subarray(0, 500),
      ];
      for (const input of inputs) {
        t.deepEqual(guest.output('echo', input), input);
        t.deepEqual(guest.output('reverse', input), Buffer.from(input).reverse());
      }
      t.is(guest.output('random', '100').length, 100);
      t.like(guest.call('random', 'many'), { kind: 'result', code: 1 });
      t.like(guest.call('random', `${CAPACITY + 1}`), { kind: 'result', code: 2 });
    },
  );

  testWith(ring === '' ? EVERYWHERE : RING_0, `wordcount${ring} counts as wc does`, async (t) => {
    const guest = await readyGuest(t, `examples/wordcount${ring}`);
    t.is(guest.text('count'), '0 0 0');
    t.is(guest.text('count', 'one two\nthree\n'), '2 3 14');
    t.is(guest.text('count', '  \t\v\n'), '1 0 5');
    t.is(guest.text('top', 'the cat the dog the end dog'), '3 the\n2 dog\n1 cat\n1 end\n');
  });

  testWith(
    ring === '' ? EVERYWHERE : RING_0,
    `hostcall${ring} gets answers, and survives refusals`,
    async (t) => {
      const guest = await readyGuest(t, `examples/hostcall${ring}`);
      const ask = (): void => {
        const outcome = guest.call('lookup', 'the key');
        t.like(outcome, { kind: 'hostCall', name: 'lookup' });
        t.is(outcome.kind === 'hostCall' && Buffer.from(outcome.payload).toString(), 'the key');
      };
      const answers: readonly (readonly [status: number, bytes: string, expected: string])[] = [
        [ANSWER.ok, 'the value', 'the value'],
        [ANSWER.ok, '', ''],
        [ANSWER.failed, 'it threw', 'failed'],
        [ANSWER.notAllowed, '', 'not allowed'],
        [ANSWER.tooLarge, '', 'too large'],
      ];
      for (const [status, bytes, expected] of answers) {
        ask();
        t.is(textOf(guest.answer(status, bytes)), expected);
      }
      t.like(guest.call('ghost'), { kind: 'hostCall', name: 'ghost' });
      t.is(textOf(guest.answer(ANSWER.notAllowed)), 'not allowed');
    },
  );
}

/** Answers every host call of a call with its own payload, twice. */
function answerAll(guest: ReadyGuest, first: Outcome): { readonly last: Outcome; readonly count: number } {
  let outcome = first;
  let count = 0;
  for (; outcome.kind === 'hostCall'; count++) {
    const text = Buffer.from(outcome.payload).toString();
    outcome = guest.answer(ANSWER.ok, `${text}${text}`);
  }
  return { last: outcome, count };
}

test('a thousand host calls in one call, with log lines in between, keep the output whole', async (t) => {
  const guest = await readyGuest(t, 'examples/hostcall', { verifyRestore: true, config: { logLevel: 4 } });
  const turns = scaled(1000);
  for (let round = 0; round < 2; round++) {
    const { last, count } = answerAll(guest, guest.call('many', `${turns}`));
    t.is(count, turns);
    t.is(textOf(last), Array.from({ length: turns }, (_, i) => `${i + 1}${i + 1};`).join(''));
    const { lines, dropped } = guest.logs();
    t.is(lines.length + dropped, turns);
    t.deepEqual(lines[1], { level: 4, text: `turn 2 of ${turns}` });
  }
});

test('an answer fills the input buffer, and not a byte more', async (t) => {
  const guest = await readyGuest(t, 'examples/hostcall', { verifyRestore: true });
  guest.call('lookup', 'x');
  const full = Buffer.alloc(CAPACITY, 'a');
  t.is(textOf(guest.answer(ANSWER.ok, full)), full.toString());
  guest.call('lookup', 'x');
  t.like(guest.answer(ANSWER.ok, Buffer.alloc(CAPACITY + 1)), {
    kind: 'error',
    code: 'SNAPVM_CALL_INPUT_TOO_LARGE',
  });
  t.is(textOf(guest.answer(ANSWER.tooLarge)), 'too large', 'the guest still waits, and can be told');
  t.is(guest.text('say', 'next'), 'said');
});

test('an input larger than the buffer is refused before the guest runs', async (t) => {
  const guest = await readyGuest(t, 'examples/echo', { verifyRestore: true });
  t.like(guest.call('echo', Buffer.alloc(CAPACITY + 1)), {
    kind: 'error',
    code: 'SNAPVM_CALL_INPUT_TOO_LARGE',
  });
  t.is(guest.text('echo', 'next'), 'next');
});

test('what a guest logs is cut at 1,024 bytes, and only up to its level', async (t) => {
  const guest = await readyGuest(t, 'examples/hostcall');
  t.is(guest.text('say', 'y'.repeat(3000)), 'said');
  const [line] = guest.logs().lines;
  t.is(line?.level, 3);
  t.true((line?.text.length ?? 0) >= 1000 && (line?.text.length ?? 0) <= 1024);
  const quiet = await readyGuest(t, 'examples/hostcall', { config: { logLevel: 0 } });
  t.is(quiet.text('say', 'nothing'), 'said');
  t.deepEqual(quiet.logs(), { lines: [], dropped: 0 });
});

test('the heap is as large as it was made, and is whole again in the next call', async (t) => {
  for (const heapBytes of [0x1000, 0x2_0000, 0x10_0000]) {
    const guest = await readyGuest(t, 'examples/crash', { verifyRestore: true, config: { heapBytes } });
    for (let turn = 0; turn < 3; turn++) {
      t.like(guest.call('heap_exhausted'), { kind: 'abort', code: 12, message: 'the heap is exhausted' });
      t.like(guest.call('execute_heap'), { kind: 'fault' }, 'malloc works again');
    }
  }
});

test('abort ends a call with its code and message', async (t) => {
  const guest = await readyGuest(t, 'examples/crash');
  t.deepEqual(guest.call('abort_code'), {
    kind: 'abort',
    code: 42,
    message: 'giving up: the answer is all there is',
  });
});
