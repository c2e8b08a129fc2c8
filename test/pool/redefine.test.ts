// Names that are defined anew or taken back while they are called, and what that leaves behind.
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { codeOf, eventually, settle, sleep, startEngine } from '../support/engine.js';
import { guestPath, scaled } from '../support/sandbox.js';

const ECHO = { elf: guestPath('examples/echo') };
const COUNTER = { elf: guestPath('examples/counter') };
const CRASH = { elf: guestPath('examples/crash') };
const HOSTCALL = { elf: guestPath('examples/hostcall') };
const LONG = { timeoutMs: 60_000 };
const UNKNOWN = 'SNAPVM_ENGINE_UNKNOWN';
/** Guests by what they answer to "x". */
const GUESTS = [
  { source: ECHO, answer: 'x' },
  { source: COUNTER, answer: '1' },
  { source: CRASH, answer: 'ok' },
  { source: HOSTCALL, answer: 'not allowed' },
];

test.serial(
  'a name that is defined anew under load loses no call, and each runs one of the two guests',
  async (t) => {
    t.timeout(600_000);
    const engine = await startEngine(t, { workers: 2 });
    const handle = await engine.define('f', ECHO, LONG);
    /** What calls made now may answer. */
    let allowed: readonly string[] = ['x'];
    let ended = false;
    let calls = 0;
    const wrong: string[] = [];
    const seen = new Map<string, number>();
    const caller = async (i: number): Promise<void> => {
      while (!ended) {
        const may = new Set(allowed);
        const answer = await codeOf(i % 2 === 0 ? handle.call('x') : engine.call('f', 'x'));
        calls += 1;
        seen.set(answer, (seen.get(answer) ?? 0) + 1);
        if (!may.has(answer)) wrong.push(`${answer} instead of ${[...may].join(' or ')}`);
      }
    };
    const callers = Array.from({ length: 16 }, (_, i) => caller(i));
    let current = 'x';
    for (let turn = 1; turn <= scaled(60, 4); turn++) {
      const { source, answer } = GUESTS[turn % GUESTS.length] as (typeof GUESTS)[number];
      allowed = [current, answer];
      t.is(await engine.define('f', source, { ...LONG, warm: turn % 5 !== 0 }), handle);
      allowed = [answer];
      current = answer;
      t.is(await settle(handle.call('x')), answer, 'as soon as it is defined');
    }
    ended = true;
    await Promise.all(callers);
    t.log(`${calls} calls`, [...seen]);
    t.deepEqual(wrong.slice(0, 10), []);
    t.is(seen.size, GUESTS.length);
    t.deepEqual(engine.stats().errors, {});
    t.is(engine.list().length, 1);
    t.true(await eventually(() => engine.stats().residents.sandboxes <= 2, 20), 'of the last guest only');
  },
);

test.serial('functions come and go under load, and a worker never lacks what it is to run', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const echo = await engine.define('echo', ECHO, LONG);
  let ended = false;
  const wrong: string[] = [];
  const load = Array.from({ length: 32 }, async () => {
    while (!ended) {
      const answer = await codeOf(echo.call('x'));
      if (answer !== 'x') wrong.push(answer);
    }
  });
  for (let turn = 0; turn < scaled(100, 5); turn++) {
    const brief = await engine.define(`brief ${turn % 3}`, ECHO, { ...LONG, warm: false });
    const answers = await Promise.all(Array.from({ length: 40 }, () => codeOf(brief.call('y'))));
    wrong.push(...answers.filter((answer) => answer !== 'y'));
    await brief.undefine();
  }
  ended = true;
  await Promise.all(load);
  t.deepEqual(wrong.slice(0, 10), []);
});

test.serial('undefine waits for the calls on their way, and further ones fail', async (t) => {
  const answers: (() => void)[] = [];
  const lookup = (): Promise<string> => new Promise((resolve) => answers.push(() => resolve('found')));
  const engine = await startEngine(t, { workers: 1, hostFunctions: { lookup } });
  const guest = await engine.define('guest', HOSTCALL, { ...LONG, hostFunctions: ['lookup'] });
  t.is(await settle(guest.call('before', { fn: 'say' })), 'said');
  const suspended = settle(guest.call('x'));
  while (answers.length === 0) await sleep(1);
  const stop = new AbortController();
  const crash = await engine.define('crash', CRASH);
  const running = codeOf(crash.call('', { fn: 'loop', ...LONG, signal: stop.signal }));
  const waiting = settle(guest.call('spoken', { fn: 'say' }));
  let gone = false;
  const undefining = guest.undefine().then(() => {
    gone = true;
  });
  await sleep(20);
  t.is(await codeOf(guest.call('x')), UNKNOWN);
  t.is(await codeOf(engine.call('guest', 'x')), UNKNOWN);
  t.is(engine.get('guest'), undefined);
  t.false(gone);
  const counted = engine.stats().calls;
  t.is(counted, 1, 'what it did still counts');
  stop.abort();
  t.is(await running, 'SNAPVM_CALL_ABORTED');
  t.is(await waiting, 'said');
  t.false(gone, 'one is still on its way');
  for (const answer of answers) answer();
  t.is(await suspended, 'found');
  await undefining;
  t.is(engine.stats().calls, counted + 3, 'and goes on to');
  await guest.undefine();
  t.is(await codeOf(engine.undefine('guest')), UNKNOWN);
  const again = await engine.define('guest', ECHO);
  t.is(await settle(again.call('x')), 'x');
  t.is(await codeOf(guest.call('x')), UNKNOWN, 'that handle was taken back');
});

/** Mappings without V8's heap, which grows by its own rules: anonymous, in whole chunks of 256 KiB. */
function held(): { readonly fds: number; readonly maps: number } {
  const maps = readFileSync('/proc/self/maps', 'utf8').trimEnd().split('\n');
  return {
    fds: readdirSync('/proc/self/fd').length,
    maps: maps.filter((line) => !/^[0-9a-f]+[048c]0000-[0-9a-f]+[048c]0000 \S+ 0+ 00:00 0 *$/.test(line))
      .length,
  };
}

test.serial('defining and undefining leaves no files and no mappings behind', async (t) => {
  const engine = await startEngine(t, { workers: 2 });
  const stay = await engine.define('stay', ECHO);
  const once = async (turn: number): Promise<void> => {
    const { source, answer } = GUESTS[turn % GUESTS.length] as (typeof GUESTS)[number];
    const policy = { ...LONG, warm: turn % 2 === 0 };
    const brief = await engine.define('brief', source, policy);
    await Promise.all([1, 2, 3, 4].map(() => brief.call('x')));
    if (turn % 3 === 0) await engine.define('brief', ECHO, policy);
    else t.is(await settle(brief.call('x')), answer);
    await engine.undefine('brief');
  };
  t.is(await settle(stay.call('x')), 'x');
  // Until each worker has kept as many machines of closed sandboxes as it ever needs.
  for (let turn = 0; turn < 24; turn++) await once(turn);
  await sleep(100);
  const before = held();
  for (let turn = 0; turn < scaled(100, 12); turn++) await once(turn);
  t.is(await settle(stay.call('x')), 'x');
  // Workers drop what they held when they come to it.
  const after = (): boolean => held().fds <= before.fds && held().maps <= before.maps + 40;
  t.true(await eventually(after, 20), JSON.stringify([before, held()]));
  t.log(before, held());
  t.is(engine.list().length, 1);
  t.true(await eventually(() => engine.stats().residents.sandboxes <= 2, 20));
});
