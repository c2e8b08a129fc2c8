/** Guests that ask the host: what it is asked, what they get, and what happens while they wait. */
import assert from 'node:assert/strict';
import type { HostFunctions } from '../../src/index.js';
import { HOST_STATUS } from '../../src/wire/protocol.js';
import { Cases } from './case.js';
import { type Context, codeOf } from './context.js';
import { assertEnds, guestPath, outputOf, PATIENT, scaled, wordAt } from './guest.js';

const cases = new Cases('host-functions');
export const hostFunctionCases = cases.all;

const HOSTCALL = { elf: guestPath('examples/hostcall') };
const ROOM = 0x4000 - 64;
const NAME_BYTES = 'lookup'.length;

cases.add('a host call has its name and its bytes, and its answer arrives', async (context) => {
  const guest = await context.ready('examples/hostcall', { verifyRestore: true });
  for (const bytes of [0, 1, 100, ROOM - NAME_BYTES]) {
    const payload = Uint8Array.from({ length: bytes }, (_, i) => i * 3 + (i >> 8));
    assertEnds(guest.call('lookup', payload), { kind: 'hostCall', name: 'lookup', payload });
    assert.deepEqual(outputOf(guest.answer(0, payload)), Buffer.from(payload));
  }
});

cases.add('an answer fills the input buffer to the last byte, and not one byte more', async (context) => {
  const guest = await context.ready('examples/hostcall');
  for (const bytes of [ROOM, ROOM - 1, 0]) {
    assertEnds(guest.call('lookup', 'x'), { kind: 'hostCall' });
    assert.equal(outputOf(guest.answer(0, new Uint8Array(bytes).fill(0x61))).length, bytes);
  }
  assertEnds(guest.call('lookup', 'x'), { kind: 'hostCall' });
  assert.equal(guest.answer(0, new Uint8Array(ROOM + 1)).kind, 'error');
});

cases.add('the guest is told each status, and goes on', async (context) => {
  const guest = await context.ready('examples/hostcall');
  for (const [status, text] of [
    [HOST_STATUS.failed, 'failed'],
    [HOST_STATUS.notAllowed, 'not allowed'],
    [HOST_STATUS.tooLarge, 'too large'],
  ] as const) {
    assertEnds(guest.call('lookup', 'x'), { kind: 'hostCall' });
    assert.equal(outputOf(guest.answer(status)).toString(), text);
  }
});

cases.add('a call may make many host calls; what it wrote before stays whole', async (context) => {
  const guest = await context.ready('examples/hostcall', { verifyRestore: true });
  const count = scaled(100, 10);
  let outcome = guest.call('many', `${count}`);
  let expected = '';
  for (let turn = 1; turn <= count; turn++) {
    assertEnds(outcome, { kind: 'hostCall', name: 'lookup', payload: Buffer.from(`${turn}`) });
    expected += `<${turn}>;`;
    outcome = guest.answer(0, `<${turn}>`);
  }
  assert.equal(outputOf(outcome).toString(), expected);
});

cases.add('guests that wait at the same time keep their state apart', async (context) => {
  const guests = await Promise.all(Array.from({ length: 4 }, () => context.ready('examples/hostcall')));
  for (const [index, guest] of guests.entries())
    assertEnds(guest.call('many', `${index + 1}`), { kind: 'hostCall', payload: Buffer.from('1') });
  for (const [index, guest] of [...guests.entries()].reverse()) {
    let outcome = guest.answer(0, `${index}`);
    for (; outcome.kind === 'hostCall'; outcome = guest.answer(0, `${index}`));
    assert.equal(outputOf(outcome).toString(), `${index};`.repeat(index + 1));
  }
});

cases.add('time left is told while a guest waits', async (context) => {
  const guest = await context.ready('examples/hostcall');
  assertEnds(guest.call('many', '2', { timeoutMs: 60_000 }), { kind: 'hostCall' });
  const first = guest.sandbox.wallLeftUs;
  assert(first > 0 && first <= 60e6, `${first} us`);
  assertEnds(guest.answer(0, 'x'), { kind: 'hostCall' });
  assert(guest.sandbox.wallLeftUs <= first, 'an answer does not give more');
  outputOf(guest.answer(0, 'x'));
  assert.equal(guest.sandbox.wallLeftUs, 0, 'nothing waits');
  assertEnds(guest.call('lookup', 'x', { timeoutMs: 0 }), { kind: 'hostCall' });
  assert.equal(guest.sandbox.wallLeftUs, 0, 'no limit');
});

cases.add('a guest that faults or loops after an answer ends by that', async (context) => {
  const guest = await context.ready('examples/hostcall', { verifyRestore: true });
  assertEnds(guest.call('trap', 'x'), { kind: 'hostCall' });
  assertEnds(guest.answer(0, 'x'), { kind: 'fault', fault: { vector: 6 } });
  assertEnds(guest.call('hang', 'x', { timeoutMs: 50 }), { kind: 'hostCall' });
  assertEnds(guest.answer(0, 'x'), { kind: 'stopped', reason: 'time' });
  assertEnds(guest.call('lookup', 'x'), { kind: 'hostCall' });
  assert.equal(outputOf(guest.answer(0, 'fine')).toString(), 'fine');
});

cases.add(
  'an answer that is longer than the call it answers leaves nothing to the next call',
  async (context) => {
    const asking = await context.ready('conformance/probe', { verifyRestore: true });
    assertEnds(asking.call('registers_of_host_call'), { kind: 'hostCall' });
    asking.answer(0, new Uint8Array(ROOM).fill(0x41));
    assert.equal(wordAt(asking.output('behind_input', 'x'), 0), 0n);
  },
);

async function define(context: Context, hostFunctions: HostFunctions) {
  const engine = await context.ownEngine({ hostFunctions });
  const policy = { timeoutMs: PATIENT.timeoutMs, hostFunctions: Object.keys(hostFunctions) };
  return { engine, guest: await engine.define('guest', HOSTCALL, policy) };
}

cases.add('host functions of an engine answer at once or later, and may fail', async (context) => {
  const { guest } = await define(context, {
    upper: (input) => Buffer.from(input).toString().toUpperCase(),
    later: async (input) => {
      await new Promise((resolve) => setTimeout(resolve, 2));
      return `later ${Buffer.from(input)}`;
    },
    wrong: () => {
      throw new Error('a secret');
    },
  });
  const relay = async (text: string): Promise<string> =>
    Buffer.from(await guest.call(text, { fn: 'relay' })).toString();
  for (let turn = 0; turn < scaled(10); turn++) {
    assert.equal(await relay(`upper turn ${turn}`), `TURN ${turn}`);
    assert.equal(await relay(`later ${turn}`), `later ${turn}`);
    assert.equal(await relay('wrong x'), 'failed');
    assert.equal(await relay('ghost x'), 'not allowed');
  }
});

cases.add(
  'one worker serves other calls while guests wait, and host functions may call the engine',
  async (context) => {
    const depth = scaled(10, 3);
    const { engine, guest } = await define(context, {
      lookup: async (input) => {
        const left = Number(Buffer.from(input).toString());
        return left === 1
          ? 'bottom'
          : `${left} ${Buffer.from((await engine.call('guest', `${left - 1}`)) as Uint8Array)}`;
      },
    });
    const answers = await Promise.all(Array.from({ length: 3 }, () => guest.call(`${depth}`)));
    for (const answer of answers) assert.match(Buffer.from(answer).toString(), /^\d+ .*2 bottom$/);
    assert.equal(engine.stats().pending, 0);
  },
);

cases.add(
  'a host function that never settles meets the limit of the call, and its signal aborts',
  async (context) => {
    let signal: AbortSignal | undefined;
    const { guest } = await define(context, {
      lookup: (_input, call) => {
        signal = call.signal;
        return new Promise<never>(() => {});
      },
    });
    assert.equal(await codeOf(guest.call('x', { timeoutMs: 100 })), 'SNAPVM_CALL_TIMEOUT');
    assert.equal(signal?.aborted, true);
    assert.equal(Buffer.from(await guest.call('x', { fn: 'say' })).toString(), 'said');
  },
);
