// The runner of the conformance cases, and the command that prints their report.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import type { CaseResult } from '../../src/cli/conformance-result.js';
import { AREAS, type Case } from '../conformance/case.js';
import { Fixtures } from '../conformance/context.js';
import { CASES } from '../conformance/index.js';
import { runCase, runConformance } from '../conformance/run.js';
import { source } from '../support/abi-sources.js';
import { failsWith, json, snapvm } from '../support/cli.js';
import { TEST_BACKEND } from '../support/sandbox.js';

const FOLDER = fileURLToPath(new URL('../conformance', import.meta.url));

/** Cases of all kinds, and what they and their teardowns did, in order. */
function madeUp(): { readonly cases: readonly Case[]; readonly done: string[] } {
  const done: string[] = [];
  const cases: Case[] = [
    {
      name: 'passes',
      area: 'entry',
      run: async (context) => {
        context.defer(() => done.push('closed first'));
        context.defer(() => done.push('closed last'));
        context.note('a note');
        done.push('ran');
      },
    },
    {
      name: 'fails',
      area: 'entry',
      run: async (context) => {
        context.defer(() => done.push('closed after a failure'));
        throw new Error('not as it should be');
      },
    },
    {
      name: 'closes badly',
      area: 'exits',
      run: async ({ defer }) => {
        defer(() => done.push('closed all the same'));
        defer(() => Promise.reject(new Error('not to be closed')));
      },
    },
    {
      name: 'is not for it',
      area: 'exits',
      unsupported: { kvm: 'a reason' },
      run: async () => void done.push('never'),
    },
    { name: 'passes too', area: 'exits', run: async () => void done.push('ran too') },
  ];
  return { cases, done };
}

test('every case gets its result, whatever the others did, and what they opened is closed', async (t) => {
  const { cases, done } = madeUp();
  const told: [CaseResult, number, number][] = [];
  const onResult = (...args: [CaseResult, number, number]): void => void told.push(args);
  const results = await runConformance({ backend: 'kvm', cases, onResult });
  t.deepEqual(
    results.map(({ name, status, message, notes }) => [name, status, message?.replace(/ \(.*/, ''), notes]),
    [
      ['passes', 'passed', undefined, ['a note']],
      ['fails', 'failed', 'not as it should be', undefined],
      ['closes badly', 'failed', 'not to be closed', undefined],
      ['is not for it', 'unsupported', 'a reason', undefined],
      ['passes too', 'passed', undefined, undefined],
    ],
  );
  t.deepEqual(
    told.map(([{ name }, index, count]) => `${name} ${index}/${count}`),
    cases.map(({ name }, index) => `${name} ${index + 1}/5`),
  );
  t.deepEqual(done, [
    'ran',
    'closed last',
    'closed first',
    'closed after a failure',
    'closed all the same',
    'ran too',
  ]);
});

test('a filter chooses by area and name', async (t) => {
  const { cases } = madeUp();
  const namesOf = async (filter: string): Promise<string[]> =>
    (await runConformance({ backend: 'kvm', cases, filter })).map(({ name }) => name);
  t.deepEqual(await namesOf('entry:'), ['passes', 'fails']);
  t.deepEqual(await namesOf('passes too'), ['passes too']);
  t.deepEqual(await namesOf('nothing like it'), []);
});

test('a case that does not end is a failure, and is closed', async (t) => {
  let closed = false;
  const one: Case = {
    name: 'hangs',
    area: 'stop',
    run: (context) => {
      context.defer(() => {
        closed = true;
      });
      return new Promise(() => {});
    },
  };
  const result = await runCase(one, new Fixtures('kvm'), 20);
  t.like(result, { status: 'failed', message: 'it did not end within 0.02 s' });
  t.true(closed);
});

test('every area has cases, and the cases need nothing that is not shipped', (t) => {
  t.deepEqual([...new Set(CASES.map(({ area }) => area))].sort(), [...AREAS].sort());
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.js') && !name.endsWith('.test.js'));
  t.true(files.length > AREAS.length);
  for (const file of files) {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    for (const [, from = ''] of text.matchAll(/ from '([^']+)'/g))
      t.regex(from, /^(node:|\.\/|\.\.\/\.\.\/(src|workers)\/)/, `${file} imports ${from}`);
  }
});

test('docs/backends.md says of every case that a backend cannot meet why', (t) => {
  const lines = source('docs/backends.md').split('\n');
  const unsupported = CASES.flatMap(({ area, unsupported = {} }) =>
    Object.entries(unsupported).map(([backend, reason]) => ({ area, backend, reason })),
  );
  t.true(unsupported.length > 0);
  for (const { area, backend, reason } of unsupported) {
    const says = (line: string): boolean =>
      [`${area} `, backend, reason].every((part) => line.includes(part));
    t.true(lines.some(says), `${area} on ${backend}: ${reason}`);
  }
});

const FILTER = 'layers: equal';

test('doctor --conformance says what ran, where, and how it ended', async (t) => {
  const { code, stdout, stderr } = await snapvm(['doctor', '--conformance', '--filter', FILTER]);
  t.is(code, 0, stderr);
  t.is(stderr, '');
  const report = stdout.toString();
  for (const word of ['snapvm', 'Node', 'kernel', 'processor', 'microcode', 'hypervisor'])
    t.regex(report, new RegExp(`^${word} +\\S`, 'm'));
  const passed = `^backend ${TEST_BACKEND}$[\\s\\S]*^ {2}1 passed, 0 failed, 0 unsupported, in `;
  t.regex(report, new RegExp(passed, 'm'));
});

test('doctor --conformance --json is the same as one object', async (t) => {
  const args = ['doctor', '--conformance', '--backend', TEST_BACKEND, '--filter', FILTER];
  const report = await json(t, args);
  t.true(report['ok']);
  t.deepEqual(Object.keys(report), ['ok', 'snapvm', 'node', 'kernel', 'processor', 'backends']);
  const [only, ...others] = report['backends'] as { backend: string; cases: CaseResult[] }[];
  t.is(others.length, 0);
  t.like(only, { backend: TEST_BACKEND, usable: true });
  t.deepEqual(
    only?.cases.map(({ area, status }) => [area, status]),
    [['layers', 'passed']],
  );
});

test('doctor --conformance that ran no case is not a success', async (t) => {
  const report = await json(t, ['doctor', '--conformance', '--filter', 'nothing like it'], 1);
  t.false(report['ok']);
});

test('a backend that does not exist, and a filter without --conformance, are refused', async (t) => {
  await failsWith(t, ['doctor', '--conformance', '--backend', 'kmv'], 2, '"kmv"', 'auto, kvm, process');
  await failsWith(t, ['doctor', '--filter', 'x'], 2, '--filter goes with --conformance');
});
