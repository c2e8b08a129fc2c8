// Functions, their versions and aliases: what a deployment makes, and what a call then runs.

import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { type ErrorCode, type LinuxResult, SnapvmError } from '../../src/index.js';
import type { Functions } from '../../src/server/functions/functions.js';
import type { SourceKind, TarEntry, Usage } from '../../src/server/functions/model.js';
import {
  call,
  callOf,
  deployMany,
  deployment,
  echo,
  giving,
  js,
  openFunctions,
  reopen,
  TENANT,
} from '../support/functions.js';
import { errorOf } from '../support/js.js';
import { busybox } from '../support/linux-build.js';
import { testWith } from '../support/test-with.js';

function liveOf(functions: Functions, name: string): number[] {
  return (
    functions
      .get(TENANT, name)
      .aliases.get('live')
      ?.map(({ revision }) => revision) ?? []
  );
}

test('each kind of source is deployed and called, again after a restart', async (t) => {
  const server = await openFunctions(t);
  const text = new TextEncoder().encode(
    'export default (x: number): number => x + 1; export const other = () => 2;',
  );
  const sources = { echo: echo(), js: giving({ a: 1 }), ts: { kind: 'ts', body: text } } as const;
  for (const [name, source] of Object.entries(sources)) {
    const { created, version } = await server.functions.deploy(deployment(name, source));
    t.true(created);
    t.is(version.revision, 1);
    t.regex(version.version, /^[0-9a-f]{64}$/);
    t.is(version.bytes, source.body.length);
    t.is(version.kind, source.kind);
  }
  t.deepEqual(server.functions.get(TENANT, 'ts').versions[0]?.functions, ['default', 'other']);
  const before = server.functions.list(TENANT, { limit: 10 });
  for (const open of [async () => server, () => reopen(server, t)]) {
    const { functions } = await open();
    t.deepEqual(functions.list(TENANT, { limit: 10 }), before);
    t.deepEqual(functions.problems, []);
    t.is(String(Buffer.from((await callOf(functions.select(TENANT, 'echo'), 'Ada')) as Uint8Array)), 'Ada');
    t.deepEqual(await call(functions, 'js'), { a: 1 });
    t.is(await callOf(functions.select(TENANT, 'ts'), 41), 42);
  }
});

testWith(busybox(), 'a Linux program has its files and settings, again after a restart', async (t, path) => {
  const server = await openFunctions(t);
  const body = readFileSync(path);
  const files: TarEntry[] = [
    { path: '/etc/one', bytes: Buffer.from('first\n'), mode: 0o644 },
    { path: '/etc/two', bytes: Buffer.from(''), mode: 0o600 },
    { path: '/etc/three', bytes: Buffer.from('third\n'), mode: 0o644 },
  ];
  const args = ['-c', 'read x < /etc/one; read y < /etc/three; echo $x $y $NAME; pwd'];
  const env = Object.fromEntries([
    ['NAME', 'Ada'],
    ['__proto__', 'no'],
  ]) as Record<string, string>;
  const source = { kind: 'linux', body, files, argv0: 'sh', args, env, cwd: '/etc' } as const;
  const { version } = await server.functions.deploy(deployment('shell', source));
  t.is(version.bytes, body.length + 12);
  const again = await reopen(server, t);
  const { exitCode, stdout } = (await call(again.functions, 'shell')) as LinuxResult;
  t.is(exitCode, 0);
  t.is(Buffer.from(stdout).toString(), 'first third Ada\n/etc\n');
  // The hash has everything in it: what was read back is what was deployed.
  t.is(again.engine.get(`${TENANT}/shell@1`)?.hash, version.version);
});

test('the same source with the same policy is the version that there is, and live again', async (t) => {
  const { functions } = await openFunctions(t);
  const [first, second] = await deployMany(functions, 'f', 2);
  t.deepEqual(liveOf(functions, 'f'), [2]);
  const again = await functions.deploy(deployment('f', giving(1)));
  t.deepEqual(again, { version: first, created: false });
  t.deepEqual(liveOf(functions, 'f'), [1]);
  t.is(await call(functions, 'f'), 1);
  t.deepEqual(
    functions.get(TENANT, 'f').versions.map(({ revision }) => revision),
    [2, 1],
  );
  const policy = { timeoutMs: 30_000, initTimeoutMs: 60_000 };
  const other = await functions.deploy(deployment('f', giving(1), { policy }));
  t.true(other.created);
  t.is(other.version.version, first?.version ?? 'none');
  t.is(other.version.revision, 3);
  const reordered = { values: 'json', initTimeoutMs: 60_000, timeoutMs: 30_000 };
  t.false((await functions.deploy(deployment('f', giving(1), { policy: reordered }))).created);
  t.is(await call(functions, 'f', { version: second?.version ?? '' }), 2);
});

test('live stays where it is when a version is not activated, but for the first one', async (t) => {
  const { functions } = await openFunctions(t);
  await functions.deploy(deployment('f', giving(1), { activate: false }));
  t.is(await call(functions, 'f'), 1);
  await functions.deploy(deployment('f', giving(2), { activate: false }));
  t.is(await call(functions, 'f'), 1);
  t.is(await call(functions, 'f', { version: '2' }), 2);
  t.false(functions.get(TENANT, 'f').canRollBack);
});

test('a rollback goes back by one change of live each, also after a restart', async (t) => {
  const server = await openFunctions(t);
  await deployMany(server.functions, 'f', 3);
  await server.functions.setAlias(TENANT, 'f', 'live', [
    { version: '1', weight: 30 },
    { version: '2', weight: 70 },
  ]);
  await server.functions.deploy(deployment('f', giving(3)));
  await server.functions.deploy(deployment('f', giving(3))); // changes nothing
  const { functions } = await reopen(server, t);
  const seen: number[][] = [];
  while (functions.get(TENANT, 'f').canRollBack) {
    await functions.rollback(TENANT, 'f');
    seen.push(liveOf(functions, 'f'));
  }
  t.deepEqual(seen, [[1, 2], [3], [2], [1]]);
  t.is((await errorOf(functions.rollback(TENANT, 'f'))).code, 'SNAPVM_SERVER_CONFLICT');
  t.is(await call(functions, 'f'), 1);
});

test('an alias runs what it points to, and is as durable as a version', async (t) => {
  const server = await openFunctions(t);
  const [first, second] = await deployMany(server.functions, 'f', 3);
  const { functions } = server;
  await functions.setAlias(TENANT, 'f', 'constructor', [
    { version: first?.version.slice(0, 12) ?? 'none', weight: 1 },
  ]);
  const info = await functions.setAlias(TENANT, 'f', 'beta', [{ version: '2', weight: 100 }]);
  t.deepEqual(info.aliases.get('beta'), [{ revision: 2, version: second?.version, weight: 100 }]);
  const again = await reopen(server, t);
  t.is(await call(again.functions, 'f', { alias: 'constructor' }), 1);
  t.is(await call(again.functions, 'f', { alias: 'beta' }), 2);
  t.is(await call(again.functions, 'f'), 3);
  await again.functions.removeAlias(TENANT, 'f', 'beta');
  t.is((await errorOf(call(again.functions, 'f', { alias: 'beta' }))).code, 'SNAPVM_SERVER_UNKNOWN');
  t.is((await errorOf(again.functions.removeAlias(TENANT, 'f', 'live'))).code, 'SNAPVM_SERVER_CONFLICT');
  t.is((await errorOf(again.functions.removeAlias(TENANT, 'f', 'beta'))).code, 'SNAPVM_SERVER_UNKNOWN');
});

test('a split sends as many calls to each version as its weight says', async (t) => {
  let seed = 42;
  const random = (): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return seed / 2 ** 32;
  };
  const { functions } = await openFunctions(t, { random });
  await deployMany(functions, 'f', 2);
  const targets = [
    { version: '1', weight: 20 },
    { version: '2', weight: 80 },
  ];
  await functions.setAlias(TENANT, 'f', 'canary', targets);
  const counts = [0, 0];
  for (let turn = 0; turn < 5000; turn++) {
    const selected = await functions.select(TENANT, 'f', { alias: 'canary' });
    const at = selected.version.revision - 1;
    counts[at] = (counts[at] ?? 0) + 1;
    selected.release();
  }
  t.true(Math.abs((counts[0] ?? 0) - 1000) < 100, `${counts}`);
});

for (const [what, draw, expected] of [
  ['the least', 0, 1],
  ['one below the weight', 0.009999, 1],
  ['the weight', 0.01, 2],
  ['the greatest', 0.999999, 2],
] as const)
  test(`a split by 1 and 99: ${what} random number`, async (t) => {
    const { functions } = await openFunctions(t, { random: () => draw });
    await deployMany(functions, 'f', 2);
    const [one, other] = [
      { version: '1', weight: 1 },
      { version: '2', weight: 99 },
    ] as const;
    await functions.setAlias(TENANT, 'f', 'live', [one, other]);
    t.is(await call(functions, 'f'), expected);
  });

test('what an alias cannot point to is refused, and it stays as it was', async (t) => {
  const { functions } = await openFunctions(t);
  const [first] = await deployMany(functions, 'f', 2);
  const refused = async (targets: readonly [string, number][]): Promise<string> => {
    const given = targets.map(([version, weight]) => ({ version, weight }));
    return (await errorOf(functions.setAlias(TENANT, 'f', 'live', given))).code;
  };
  const request = 'SNAPVM_SERVER_REQUEST';
  t.is(await refused([]), request);
  t.is(
    await refused([
      ['1', 50],
      ['1', 50],
    ]),
    request,
  );
  t.is(
    await refused([
      ['1', 50],
      [first?.version ?? '', 50],
    ]),
    request,
  );
  for (const weights of [
    [0, 100],
    [50, 49],
    [50, 51],
    [-1, 101],
    [0.5, 99.5],
    [Number.NaN, 1],
  ] as const)
    t.is(
      await refused([
        ['1', weights[0]],
        ['2', weights[1]],
      ]),
      request,
    );
  t.is(
    await refused([
      ['1', 1],
      ['2', 1],
      ['3', 98],
    ]),
    'SNAPVM_SERVER_UNKNOWN',
  );
  t.is(await refused([['9', 100]]), 'SNAPVM_SERVER_UNKNOWN');
  t.is(await refused([['abcdef', 100]]), request);
  t.is(await refused([['0', 100]]), request);
  t.is(await refused([['f'.repeat(64), 100]]), 'SNAPVM_SERVER_UNKNOWN');
  t.deepEqual(liveOf(functions, 'f'), [2]);
});

const HOSTILE = [
  '..',
  '.',
  'a/b',
  'a\\b',
  '__proto__',
  '',
  '.hidden',
  '-flag',
  'ünï',
  'a\0b',
  'a\n',
  'x'.repeat(65),
];
const FINE = ['constructor', 'toString', 'hasOwnProperty', 'a..b', 'x'.repeat(64), 'con.json', '0'];

test('names that a path could be made of are refused, and change nothing', async (t) => {
  const { functions } = await openFunctions(t);
  await functions.deploy(deployment('f', giving(1)));
  for (const name of HOSTILE) {
    const codes = [
      functions.deploy(deployment(name, giving(1))),
      functions.deploy({ ...deployment('f', giving(1)), tenant: name }),
      functions.setAlias(TENANT, 'f', name, [{ version: '1', weight: 100 }]),
      functions.remove(TENANT, name),
      functions.remove(name, 'f'),
      functions.rollback(TENANT, name),
    ].map(async (refused) => (await errorOf(refused)).code);
    t.deepEqual(new Set(await Promise.all(codes)), new Set(['SNAPVM_SERVER_NAME']), JSON.stringify(name));
    for (const asked of [functions.select(TENANT, name), functions.select(name, 'f')])
      t.is((await errorOf(asked)).code, 'SNAPVM_SERVER_UNKNOWN');
    t.throws(() => functions.get(TENANT, name), { code: 'SNAPVM_SERVER_UNKNOWN' });
    t.deepEqual(functions.list(name, { limit: 10 }), { functions: [], next: undefined });
  }
  t.is(functions.list(TENANT, { limit: 10 }).functions.length, 1);
});

test('names that only objects have are names like others', async (t) => {
  const server = await openFunctions(t);
  for (const name of FINE) await server.functions.deploy({ ...deployment(name, giving(name)), tenant: name });
  const { functions } = await reopen(server, t);
  for (const name of FINE) {
    t.is(await callOf(functions.select(name, name)), name);
    t.is((await errorOf(functions.select(name, 'valueOf'))).code, 'SNAPVM_SERVER_UNKNOWN');
  }
  t.is((await errorOf(functions.select('valueOf', 'valueOf'))).code, 'SNAPVM_SERVER_UNKNOWN');
});

test('tenants do not see each other', async (t) => {
  const { functions } = await openFunctions(t);
  await functions.deploy({ ...deployment('f', giving('a')), tenant: 'a' });
  await functions.deploy({ ...deployment('f', giving('b')), tenant: 'b' });
  t.is(await callOf(functions.select('a', 'f')), 'a');
  await functions.remove('a', 'f');
  t.is((await errorOf(functions.select('a', 'f'))).code, 'SNAPVM_SERVER_UNKNOWN');
  t.is(await callOf(functions.select('b', 'f')), 'b');
});

test('functions are listed in the order of their names, page by page', async (t) => {
  const { functions } = await openFunctions(t);
  for (const name of ['c', 'a', 'B', 'a.b', 'd']) await functions.deploy(deployment(name, giving(1)));
  const pages: string[][] = [];
  for (let after: string | undefined; ; ) {
    const page = functions.list(TENANT, { limit: 2, after });
    pages.push(page.functions.map(({ name }) => name));
    after = page.next;
    if (after === undefined) break;
  }
  t.deepEqual(pages, [['B', 'a'], ['a.b', 'c'], ['d']]);
  await functions.remove(TENANT, 'a');
  const names = functions.list(TENANT, { limit: 2, after: 'a' }).functions.map(({ name }) => name);
  t.deepEqual(names, ['a.b', 'c']);
});

test('usage counts functions and the source bytes of all versions', async (t) => {
  const server = await openFunctions(t);
  const { functions } = server;
  const [one, two] = [giving('one'), giving('other')];
  const bytes = one.body.length + two.body.length;
  await functions.deploy(deployment('f', one));
  await functions.deploy(deployment('f', two));
  await functions.deploy(deployment('f', two));
  await functions.deploy(deployment('g', one));
  t.deepEqual(functions.usage(TENANT), { functions: 2, bytes: bytes + one.body.length });
  const again = await reopen(server, t);
  t.deepEqual(again.functions.usage(TENANT), { functions: 2, bytes: bytes + one.body.length });
  await again.functions.remove(TENANT, 'g');
  t.deepEqual(again.functions.usage(TENANT), { functions: 1, bytes });
  t.deepEqual(again.functions.usage('nobody'), { functions: 0, bytes: 0 });
});

test('a deployment is admitted by what there is and what others deploy at the time', async (t) => {
  const { functions } = await openFunctions(t);
  const source = giving(1);
  const { length } = source.body;
  const seen: { usage: Usage; more: Usage }[] = [];
  const admit = (usage: Usage, more: Usage): void => void seen.push({ usage, more });
  const names = ['a', 'b', 'c'];
  await Promise.all(names.map((name) => functions.deploy(deployment(name, source), admit)));
  t.deepEqual(
    seen,
    names.map((_, at) => ({
      usage: { functions: at, bytes: at * length },
      more: { functions: 1, bytes: length },
    })),
  );
  await functions.deploy(deployment('a', source), admit);
  const all = { functions: 3, bytes: 3 * length };
  t.deepEqual(seen.at(-1), { usage: all, more: { functions: 0, bytes: 0 } });
  const refuse = (): void => {
    throw new SnapvmError('SNAPVM_SERVER_QUOTA', 'no');
  };
  t.is((await errorOf(functions.deploy(deployment('d', source), refuse))).code, 'SNAPVM_SERVER_QUOTA');
  t.deepEqual(functions.usage(TENANT), all);
  await functions.deploy(deployment('e', source), admit);
  t.deepEqual(seen.at(-1)?.usage, all);
});

test('a source that cannot be defined leaves nothing', async (t) => {
  const { functions, engine } = await openFunctions(t);
  await functions.deploy(deployment('f', giving(1)));
  const before = functions.list(TENANT, { limit: 10 });
  const bad: [ErrorCode, Parameters<typeof deployment>[1], object?][] = [
    ['SNAPVM_JS_SYNTAX', js('export default (')],
    ['SNAPVM_JS_EXPORTS', js('1')],
    ['SNAPVM_JS_BUNDLE', js("import x from './secrets.js'; export default () => x;")],
    ['SNAPVM_JS_ERROR', js('throw new Error("no"); export default () => 1;')],
    [
      'SNAPVM_ELF_MAGIC',
      {
        kind: 'native',
        body: Buffer.from('no elf, but more than sixty-four bytes of something else, really'),
      },
    ],
    ['SNAPVM_CONFIG_UNKNOWN', giving(2), { tiemoutMs: 1 }],
    ['SNAPVM_CONFIG_VALUE', giving(2), { timeoutMs: -1 }],
    ['SNAPVM_SERVER_REQUEST', { kind: 'js', body: Uint8Array.of(0xff, 0xfe) }],
    ['SNAPVM_SERVER_REQUEST', { ...giving(1), args: ['x'] }],
    ['SNAPVM_SERVER_REQUEST', { kind: 'constructor' as SourceKind, body: new Uint8Array() }],
    ['SNAPVM_SERVER_TOO_LARGE', { ...echo(), kind: 'linux', env: { X: 'x'.repeat(300_000) } }],
  ];
  for (const [code, source, policy] of bad) {
    for (const name of ['f', 'g']) {
      const refused = functions.deploy(
        deployment(name, source, policy === undefined ? {} : { policy: { ...policy } }),
      );
      t.is((await errorOf(refused)).code, code);
    }
  }
  t.deepEqual(functions.list(TENANT, { limit: 10 }), before);
  t.deepEqual(
    engine.list().map(({ name }) => name),
    [`${TENANT}/f@1`],
  );
  t.is((await functions.deploy(deployment('f', giving(2)))).version.revision, 2);
});

test('deployments of one name at once come one after the other, and each has a revision', async (t) => {
  const { functions } = await openFunctions(t);
  const made = await Promise.all(
    [1, 2, 3, 2].map((value) => functions.deploy(deployment('f', giving(value)))),
  );
  t.deepEqual(
    made.map(({ version, created }) => [version.revision, created]),
    [
      [1, true],
      [2, true],
      [3, true],
      [2, false],
    ],
  );
  t.is(await call(functions, 'f'), 2);
});

test('the oldest versions that no alias points to are forgotten beyond a hundred', async (t) => {
  const { functions } = await openFunctions(t, { maxDefined: 4 });
  await functions.deploy(deployment('f', echo(), { policy: { timeoutMs: 1 } }));
  await functions.setAlias(TENANT, 'f', 'old', [{ version: '1', weight: 100 }]);
  for (let at = 2; at <= 103; at++)
    await functions.deploy(deployment('f', echo(), { policy: { timeoutMs: at } }));
  const { versions } = functions.get(TENANT, 'f');
  t.is(versions.length, 100);
  t.deepEqual([versions[0]?.revision, versions[98]?.revision, versions[99]?.revision], [103, 5, 1]);
  t.is((await errorOf(call(functions, 'f', { version: '2' }))).code, 'SNAPVM_SERVER_UNKNOWN');
  t.deepEqual(liveOf(functions, 'f'), [103]);
  for (let at = 0; at < 98; at++) await functions.rollback(TENANT, 'f');
  t.deepEqual(liveOf(functions, 'f'), [5]);
});

test('statistics are those of the versions that are defined', async (t) => {
  const { functions } = await openFunctions(t);
  await functions.deploy(deployment('f', giving(1)));
  await functions.deploy(deployment('f', js('export default () => { throw new Error("no"); };')));
  await call(functions, 'f', { version: '1' });
  t.is((await errorOf(call(functions, 'f'))).code, 'SNAPVM_JS_ERROR');
  const { calls, errors } = functions.stats(TENANT, 'f');
  t.deepEqual([calls, errors], [2, { SNAPVM_JS_ERROR: 1 }]);
  t.throws(() => functions.stats(TENANT, 'g'), { code: 'SNAPVM_SERVER_UNKNOWN' });
});

test('nothing is taken once it is closed', async (t) => {
  const { functions } = await openFunctions(t);
  await functions.deploy(deployment('f', giving(1)));
  await functions.close();
  await functions.close();
  const refused: ((t: ExecutionContext) => Promise<unknown>)[] = [
    () => functions.deploy(deployment('f', giving(2))),
    () => functions.select(TENANT, 'f'),
    () => functions.rollback(TENANT, 'f'),
    () => functions.remove(TENANT, 'f'),
  ];
  for (const attempt of refused) t.is((await errorOf(attempt(t))).code, 'SNAPVM_SERVER_DRAINING');
});
