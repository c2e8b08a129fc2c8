// Everything at once: host functions that answer, fail, recurse and hang, calls that are aborted and run out of time.
import test from 'ava';
import type { Engine } from '../../src/index.js';
import { codeOf } from '../support/engine.js';
import { forever, HOSTCALL, LONG, ROOM, startHostEngine, text } from '../support/host.js';
import { scaled, seeded, UNDER_QEMU } from '../support/sandbox.js';

/** Limits of calls that are to run out of time. */
const SHORT = { timeoutMs: UNDER_QEMU ? 300 : 20 };

for (const workers of [1, 2, 4]) {
  test.serial(
    `random calls of all sorts at once each come to what they must (workers: ${workers})`,
    async (t) => {
      const random = seeded(workers);
      let engine: Engine | undefined;
      const started = await startHostEngine(
        t,
        {
          lookup: (input) => input,
          later: async (input) => {
            const ms = random() * 4;
            await new Promise((resolve) => (ms < 2 ? setImmediate(resolve) : setTimeout(resolve, ms)));
            return input;
          },
          fails: () => Promise.reject(new Error('no')),
          large: () => new Uint8Array(ROOM + 1),
          forever,
          nested: async (input) => {
            const depth = Number(text(input));
            if (depth === 0) return 'bottom';
            return engine?.call('guest', `nested ${depth - 1}`, { fn: 'relay' });
          },
        },
        { workers },
        { timeoutMs: 60_000 },
      );
      engine = started.engine;
      const { guest } = started;
      const cold = await engine.define('cold', HOSTCALL, { ...LONG, warm: false, hostFunctions: ['later'] });
      const strict = await engine.define('strict', HOSTCALL, {
        ...LONG,
        hostFunctions: ['lookup'],
        maxExits: 10,
        verifyRestore: true,
      });
      const relay = { fn: 'relay', ...LONG };
      /** A call, and what it must come to; several for those that race. */
      const some = (turn: number): readonly [call: Promise<string>, ...expected: string[]] => {
        const name = `call ${turn} `.repeat(1 + (turn % 30));
        const dice = Math.floor(random() * 100);
        if (dice < 20) return [codeOf(guest.call(`later ${name}`, relay)), name];
        if (dice < 35) return [codeOf(guest.call('20', { fn: 'times' })), '20'];
        if (dice < 45) return [codeOf(cold.call(`later ${name}`, relay)), name];
        if (dice < 50) return [codeOf(guest.call('fails x', relay)), 'failed'];
        if (dice < 55) return [codeOf(guest.call('large x', relay)), 'too large'];
        if (dice < 60) return [codeOf(strict.call('later x', relay)), 'not allowed'];
        if (dice < 65) return [codeOf(strict.call('11', { fn: 'times' })), 'SNAPVM_GUEST_LIMIT'];
        if (dice < 70) return [codeOf(guest.call(`nested ${turn % 6}`, relay)), 'bottom'];
        if (dice < 75) return [codeOf(guest.call('forever', { ...relay, ...SHORT })), 'SNAPVM_CALL_TIMEOUT'];
        if (dice < 78) return [codeOf(guest.call('x', { fn: 'hang', ...SHORT })), 'SNAPVM_CALL_TIMEOUT'];
        if (dice < 85) return [codeOf(guest.call('x', { fn: 'trap' })), 'SNAPVM_GUEST_FAULT'];
        const controller = new AbortController();
        const { signal } = controller;
        setTimeout(() => controller.abort(), random() * 5);
        if (dice < 92) return [codeOf(guest.call('forever', { ...relay, signal })), 'SNAPVM_CALL_ABORTED'];
        return [codeOf(guest.call(`later ${name}`, { ...relay, signal })), name, 'SNAPVM_CALL_ABORTED'];
      };
      const inFlight = new Set<Promise<void>>();
      const wrong: string[] = [];
      for (let turn = 0; turn < scaled(1000); turn++) {
        const [call, ...expected] = some(turn);
        const checked = call.then((got) => {
          if (!expected.includes(got)) wrong.push(`call ${turn}: ${got} instead of ${expected.join(' or ')}`);
          inFlight.delete(checked);
        });
        inFlight.add(checked);
        if (inFlight.size >= 80) await Promise.race(inFlight);
      }
      await Promise.all(inFlight);
      t.deepEqual(wrong, []);
      const { pending, waiting, workersReplaced } = engine.stats();
      t.deepEqual({ pending, waiting, workersReplaced }, { pending: 0, waiting: 0, workersReplaced: 0 });
      t.log(engine.stats().errors);
    },
  );
}
