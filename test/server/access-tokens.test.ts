// Who a request comes from, and how the configuration of tokens and tenants is checked.
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import * as fc from 'fast-check';
import { SnapvmError } from '../../src/base/errors.js';
import { Access } from '../../src/server/access/access.js';
import { requireRole } from '../../src/server/access/roles.js';
import { newToken } from '../../src/server/access/tokens.js';

const CI = newToken();
const OPS = newToken();

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function config() {
  return {
    tokens: [
      { name: 'ci', tenant: 'acme', roles: ['deploy'], sha256: CI.sha256 },
      { name: 'ops', tenant: 'globex', roles: ['call', 'admin'], sha256: OPS.sha256.toUpperCase() },
    ],
    tenants: { acme: { concurrent: 3 }, globex: {} },
    defaults: { concurrent: 8, callsPerSecond: 0.5 },
  };
}

function refusal(t: ExecutionContext, run: () => unknown): SnapvmError {
  const error = t.throws(run, { instanceOf: SnapvmError });
  return error as SnapvmError;
}

test('a token has 256 random bits, and its digest is what the configuration takes', (t) => {
  const [one, two] = [newToken(), newToken()];
  t.regex(one.token, /^svm_[A-Za-z0-9_-]{43}$/);
  t.not(one.token, two.token);
  t.is(one.sha256, sha256(one.token));
});

test('a request is its token’s, whatever the case of the scheme', (t) => {
  const access = Access.from(config());
  t.false(access.open);
  t.deepEqual(access.tenants, ['acme', 'globex']);
  for (const scheme of ['Bearer', 'bearer', 'BEARER ']) {
    const { tenant, name, roles } = access.authenticate(`${scheme} ${CI.token}`);
    t.deepEqual([tenant, name, [...roles]], ['acme', 'ci', ['call', 'deploy']]);
  }
  t.is(access.authenticate(`Bearer ${OPS.token}`).tenant, 'globex');
});

test('whatever else is in the header is refused, and no message quotes it', (t) => {
  const access = Access.from(config());
  const wrong = 'svm_this-is-a-secret-of-somebody';
  const headers = [
    undefined,
    '',
    'Bearer',
    `Basic ${wrong}`,
    `Bearer ${wrong}`,
    `Bearer ${CI.token}x`,
    `Bearer ${CI.token.slice(0, -1)}`,
    `Bearer ${CI.token} ${OPS.token}`,
    `Bearer ${CI.token}, Bearer ${CI.token}`,
    `Bearer ${CI.sha256}`,
    CI.token,
    `Bearer ${'a'.repeat(100_000)}`,
    `Bearer${' '.repeat(100_000)}${CI.token}`,
    'Bearer \0',
  ];
  for (const header of headers) {
    const { code, message } = refusal(t, () => access.authenticate(header));
    t.is(code, 'SNAPVM_SERVER_UNAUTHORIZED');
    for (const secret of [wrong, CI.token.slice(0, -1), CI.sha256])
      t.false(message.includes(secret), message);
  }
});

test('a digest has to be the same to the last bit', (t) => {
  const access = Access.from(config());
  const digest = sha256(CI.token);
  let close = 0;
  for (let i = 0; close < 3; i++) {
    if (!sha256(`t${i}`).startsWith(digest.slice(0, 2))) continue;
    t.throws(() => access.authenticate(`Bearer t${i}`), { code: 'SNAPVM_SERVER_UNAUTHORIZED' });
    close += 1;
  }
  for (const wrong of [
    `${digest.slice(0, -1)}${digest.endsWith('0') ? '1' : '0'}`,
    digest.replace(/^./, (d) => (d === '0' ? '1' : '0')),
  ]) {
    const tokens = [{ ...config().tokens[0], sha256: wrong }];
    t.throws(() => Access.from({ tokens }).authenticate(`Bearer ${CI.token}`), {
      code: 'SNAPVM_SERVER_UNAUTHORIZED',
    });
  }
});

test('no text that is no token gets in', async (t) => {
  const access = Access.from(config());
  await fc.assert(
    fc.property(
      fc.string({ maxLength: 60 }),
      fc.constantFrom('', 'Bearer ', `Bearer ${CI.token}`),
      (text, before) => {
        const header = before + text;
        if (header.trim() === `Bearer ${CI.token}`) return;
        t.throws(() => access.authenticate(header), { code: 'SNAPVM_SERVER_UNAUTHORIZED' });
      },
    ),
  );
});

test('a role includes those below it, and the lack of one is named', (t) => {
  const access = Access.from(config());
  const ci = access.authenticate(`Bearer ${CI.token}`);
  requireRole(ci, 'call');
  requireRole(ci, 'deploy');
  const { code, message, details } = refusal(t, () => requireRole(ci, 'admin'));
  t.is(code, 'SNAPVM_SERVER_FORBIDDEN');
  t.deepEqual(details, { role: 'admin' });
  t.regex(message, /"ci".*"acme".*"admin"/);
  for (const role of ['call', 'deploy', 'admin'] as const) {
    t.notThrows(() => requireRole(access.authenticate(`Bearer ${OPS.token}`), role));
  }
});

test('without tokens everybody is the tenant "default" and may do anything', (t) => {
  const access = Access.none();
  t.true(access.open);
  for (const header of [undefined, 'Bearer anything', 'nonsense']) {
    const { tenant, roles } = access.authenticate(header);
    t.deepEqual([tenant, [...roles]], ['default', ['call', 'deploy', 'admin']]);
  }
  t.deepEqual(access.tenants, ['default']);
  t.deepEqual(access.quotaOf('default'), {});
});

test('a tenant has its quotas, and the defaults for what they leave out', (t) => {
  const access = Access.from(config());
  t.deepEqual(access.quotaOf('acme'), { concurrent: 3, callsPerSecond: 0.5 });
  t.deepEqual(access.quotaOf('globex'), { concurrent: 8, callsPerSecond: 0.5 });
  const { tenants: _, ...unlisted } = config();
  t.deepEqual(Access.from(unlisted).quotaOf('globex'), { concurrent: 8, callsPerSecond: 0.5 });
  t.deepEqual(Access.from(unlisted).tenants, ['acme', 'globex']);
});

test('names that every object has are names like others', (t) => {
  const tokens = [{ name: 'constructor', tenant: 'toString', roles: ['call'], sha256: CI.sha256 }];
  const access = Access.from({ tokens, tenants: { toString: { functions: 1 } } });
  t.is(access.authenticate(`Bearer ${CI.token}`).tenant, 'toString');
  t.deepEqual(access.quotaOf('toString'), { functions: 1 });
  t.deepEqual(access.quotaOf('constructor'), {});
  const polluted = JSON.parse('{ "__proto__": { "functions": 1 } }') as unknown;
  t.throws(() => Access.from({ tokens, tenants: polluted }), { message: /"__proto__"/ });
});

type Changed = Record<string, unknown>;

function withToken(change: Changed): unknown {
  const { tokens, ...rest } = config();
  return { ...rest, tokens: [tokens[0], { ...tokens[1], ...change }] };
}

const WRONG: readonly [what: string, config: unknown, message: RegExp][] = [
  ['no object', 7, /access is 7/],
  ['nothing', undefined, /access is undefined/],
  ['null', null, /access is null/],
  ['a list', [], /access is an array/],
  ['an unknown field', { ...config(), tokns: [] }, /"tokns"; did you mean "tokens"\?/],
  ['no tokens', { tenants: {} }, /tokens is undefined/],
  ['an empty list of tokens', { tokens: [] }, /at least one token/],
  ['tokens that are no list', { tokens: {} }, /tokens is an object/],
  ['too many tokens', { tokens: Array.from({ length: 1001 }) }, /1001 entries; there may be at most 1000/],
  ['a token that is no object', { tokens: [null] }, /tokens\[0\] is null/],
  [
    'an unknown field of a token',
    withToken({ role: 'x' }),
    /tokens\[1\] has no option "role"; did you mean "roles"/,
  ],
  ['a name that is none', withToken({ name: '-x' }), /tokens\[1\]\.name is "-x"/],
  ['no name', withToken({ name: undefined }), /tokens\[1\]\.name is undefined/],
  ['a name twice', withToken({ name: 'ci' }), /tokens\[1\]\.name is the same as tokens\[0\]\.name/],
  ['a digest twice', withToken({ sha256: CI.sha256 }), /tokens\[1\]\.sha256 is the same as tokens\[0\]/],
  [
    'an unknown tenant',
    withToken({ tenant: 'glubex' }),
    /tokens\[1\]\.tenant is "glubex".*did you mean "globex"/,
  ],
  ['a tenant of another type', withToken({ tenant: ['acme'] }), /tokens\[1\]\.tenant is an array/],
  [
    'an unknown role',
    withToken({ roles: ['call', 'depoly'] }),
    /tokens\[1\]\.roles\[1\] is "depoly".*"deploy"/,
  ],
  ['no role', withToken({ roles: [] }), /tokens\[1\]\.roles is an array; it must be a list of at least one/],
  ['one role without a list', withToken({ roles: 'call' }), /tokens\[1\]\.roles is "call"/],
  ['a name that is no tenant’s', { ...config(), tenants: { 'a/b': {} } }, /a tenant is "a\/b"/],
  [
    'an unknown quota',
    { ...config(), defaults: { concurrency: 1 } },
    /defaults has no option "concurrency"; did you/,
  ],
  ['a quota that is text', { ...config(), defaults: { bytes: '1' } }, /defaults\.bytes is "1"/],
  ['a negative quota', { ...config(), defaults: { concurrent: -1 } }, /defaults\.concurrent is -1/],
  ['a rate of 0', { ...config(), defaults: { callsPerSecond: 0 } }, /defaults\.callsPerSecond is 0/],
  [
    'a rate that is no number',
    { ...config(), defaults: { cpuSecondsPerDay: Number.NaN } },
    /cpuSecondsPerDay is NaN/,
  ],
  [
    'a tenant’s quota that is wrong',
    { ...config(), tenants: { acme: { functions: 1.5 } } },
    /tenants\.acme\.functions/,
  ],
];

for (const [what, given, message] of WRONG) {
  test(`the configuration is refused with the place: ${what}`, (t) => {
    const error = refusal(t, () => Access.from(given));
    t.regex(error.code, /^SNAPVM_CONFIG_(VALUE|UNKNOWN)$/);
    t.regex(error.message, message);
  });
}

test('a token in clear is refused with the command that makes its digest, and is not quoted', (t) => {
  const secret = 'hunter2-hunter2';
  for (const change of [
    { token: secret },
    { sha256: secret },
    { sha256: `${CI.sha256}0` },
    { sha256: undefined },
  ]) {
    const { message } = refusal(t, () => Access.from(withToken(change)));
    t.regex(message, /tokens\[1\]\.(token|sha256).*openssl dgst -sha256/);
    t.false(message.includes(secret), message);
  }
});

test('a file is read, by its path or its URL, and what is wrong with it is said with its name', (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'snapvm-access-'));
  t.teardown(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'access.json');
  const write = (text: string): void => writeFileSync(path, text);

  write(JSON.stringify(config()));
  for (const from of [path, pathToFileURL(path)]) {
    t.is(Access.from(from).authenticate(`Bearer ${CI.token}`).name, 'ci');
  }
  const cases: [text: string, message: RegExp][] = [
    ['{ "tokens": [], }', /is no JSON/],
    ['{\n "tokens": hunter2 }', /is no JSON/],
    ['', /is no JSON/],
    ['[]', /access is an array/],
    ['null', /access is null/],
    [JSON.stringify(withToken({ roles: ['x'] })), /tokens\[1\]\.roles\[0\]/],
    [' '.repeat(5 * 2 ** 20), /bytes, more than/],
  ];
  for (const [text, message] of cases) {
    write(text);
    const error = refusal(t, () => Access.from(path));
    t.regex(error.message, message);
    t.true(error.message.startsWith(path));
    t.is(error.details['path'], path);
    t.false(error.message.includes('hunter2'));
  }
  t.regex(refusal(t, () => Access.from(join(directory, 'none'))).message, /none: .*cannot be read.*ENOENT/);
  t.regex(refusal(t, () => Access.from(directory)).message, /no regular file/);
});
