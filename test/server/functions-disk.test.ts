// What is on disk of functions: there after a kill, refused when it was edited, unchanged when the disk is full.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { Functions } from '../../src/server/functions/functions.js';
import { INDEX, startEngine } from '../support/engine.js';
import {
  call,
  deployMany,
  deployment,
  echo,
  giving,
  openFunctions,
  reopen,
  type Server,
  TENANT,
} from '../support/functions.js';
import { keepLines } from '../support/host.js';
import { errorOf } from '../support/js.js';
import { TEST_BACKEND } from '../support/sandbox.js';
import { smallDisk, temporaryFolder } from '../support/store.js';

/** All files below a folder, those of locks left out. */
function filesIn(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('lock-'))
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

function recordOf(directory: string, name: string): string {
  return join(directory, 'functions', TENANT, `${name}.json`);
}

interface EditedRecord {
  [field: string]: unknown;
  versions: Record<string, unknown>[];
  aliases: [unknown, unknown][];
  history: unknown[];
}

/** Deploys functions for ever, each revision of which gives its own number, and says so after each. */
function deployer(directory: string): string {
  return `
    import { writeSync } from 'node:fs';
    import { Engine } from ${JSON.stringify(INDEX)};
    import { Functions } from ${JSON.stringify(new URL('../../src/server/functions/functions.js', import.meta.url).href)};
    const engine = await Engine.start({ workers: 1 });
    const functions = await Functions.open({ engine, directory: ${JSON.stringify(directory)} });
    const body = new TextEncoder().encode('export default () => 1;');
    for (let at = 1; ; at++) {
      const name = 'f' + at % 3;
      const source = { kind: 'js', body: Buffer.concat([body, Buffer.from('//' + process.pid + ' ' + at)]) };
      const policy = { timeoutMs: 60_000 + at, cpuMs: 60_000 + process.pid, initTimeoutMs: 60_000 };
      const deployment = { tenant: '${TENANT}', name, source, policy, activate: true };
      const { version } = await functions.deploy(deployment);
      await functions.setAlias('${TENANT}', name, 'a' + at % 2, [{ version: String(version.revision), weight: 100 }]);
      writeSync(1, JSON.stringify([name, version.revision, version.version, 'a' + at % 2]) + '\\n');
    }`;
}

type Acknowledged = [name: string, revision: number, version: string, alias: string];

/** Runs a process until it has acknowledged so much, and a little longer. */
async function killed(source: string, count: number): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, SNAPVM_BACKEND: TEST_BACKEND },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    if (output.split('\n').length > count) child.kill('SIGKILL');
  });
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (signal !== 'SIGKILL') throw new Error(`it ended by itself: ${output}`);
  return output
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Acknowledged);
}

test('kill -9 loses no deployment and no alias that was acknowledged, and leaves nothing else', async (t) => {
  const directory = join(temporaryFolder(t), 'server');
  const engine = await startEngine(t, { workers: 1 });
  for (const count of [1, 14, 29]) {
    const acknowledged = await killed(deployer(directory), count);
    const functions = await Functions.open({ engine, directory });
    t.deepEqual(functions.problems, []);
    const last = new Map<string, Acknowledged>();
    for (const each of acknowledged) {
      const [name, revision, version] = each;
      last.set(name, each);
      const kept = functions.get(TENANT, name).versions.find((found) => found.revision === revision);
      t.is(kept?.version, version);
    }
    for (const [name, [, revision, , alias]] of last) {
      const { aliases } = functions.get(TENANT, name);
      // One that was not acknowledged may be there as well.
      t.true((aliases.get(alias)?.[0]?.revision ?? 0) >= revision);
      t.true((aliases.get('live')?.[0]?.revision ?? 0) >= revision);
      t.is(await call(functions, name, { version: `${revision}` }), 1);
    }
    const records = functions.list(TENANT, { limit: 9 }).functions;
    const versions = records.reduce((sum, record) => sum + record.versions.length, 0);
    const files = filesIn(directory);
    t.is(files.filter((file) => file.startsWith('sources/')).length, versions);
    t.deepEqual(
      files.filter((file) => file.includes('.tmp')),
      [],
    );
    await functions.close();
  }
});

test('what a killed server had half done is removed at the next start', async (t) => {
  const server = await openFunctions(t);
  await server.functions.deploy(deployment('f', giving(1)));
  await server.functions.close();
  const before = filesIn(server.directory);
  const dead = '.tmp-0-0-1-1';
  writeFileSync(join(server.directory, 'sources', 'a'.repeat(64)), 'of nobody');
  for (const folder of ['', 'sources', 'functions', `functions/${TENANT}`]) {
    const path = join(server.directory, folder, dead);
    writeFileSync(path, 'half');
    // Of another machine: only when it is a day old.
    utimesSync(path, 1, 1);
  }
  await openFunctions(t, { engine: server.engine, directory: server.directory });
  t.deepEqual(filesIn(server.directory), before);
});

test('a second server is refused as long as the first has the directory', async (t) => {
  const server = await openFunctions(t);
  const { engine, directory } = server;
  const error = await errorOf(Functions.open({ engine, directory }));
  t.is(error.code, 'SNAPVM_SERVER_DIRECTORY');
  t.is(error.details['path'], directory);
  await server.functions.deploy(deployment('f', giving(1)));
  await reopen(server, t);
});

test('files and folders are readable by nobody else', async (t) => {
  const { functions, directory } = await openFunctions(t);
  await functions.deploy(deployment('f', giving(1)));
  for (const name of ['', ...readdirSync(directory, { recursive: true, encoding: 'utf8' })]) {
    const { mode } = statSync(join(directory, name));
    t.is(mode & 0o077, 0, name);
  }
});

const EDITS: readonly (readonly [what: string, edit: (record: EditedRecord) => unknown, says: RegExp])[] = [
  ['a format of another version', (record) => (record['format'] = 2), /format is 2; it must be 1/],
  ["another function's name", (record) => (record['name'] = 'g'), /name is "g"; it must be "f"/],
  ["another tenant's", (record) => (record['tenant'] = '../x'), /tenant is "\.\.\/x"/],
  ['no time', (record) => (record['createdAt'] = 'now'), /createdAt is "now"/],
  ['a revision to come that is used', (record) => (record['nextRevision'] = 2), /nextRevision is 2/],
  [
    'no versions',
    (record) => (record.versions = []),
    /versions is an array; it must be a list of at least one/,
  ],
  [
    'versions that are no list',
    (record) => Object.assign(record, { versions: { length: 1 } }),
    /versions is an object/,
  ],
  [
    'a version that is nothing',
    (record) => Object.assign(record, { versions: [null] }),
    /versions\[0\] is null/,
  ],
  ['a revision twice', ({ versions }) => (versions[1] = { ...versions[1], revision: 1 }), /do not ascend/],
  [
    'a revision that is text',
    ({ versions }) => (versions[0] = { ...versions[0], revision: '1' }),
    /versions\[0\]\.revision is "1"/,
  ],
  [
    'a hash that is none',
    ({ versions }) => (versions[0] = { ...versions[0], version: 'x' }),
    /versions\[0\]\.version/,
  ],
  [
    'a kind that is none',
    ({ versions }) => (versions[0] = { ...versions[0], kind: 'toString' }),
    /versions\[0\]\.kind/,
  ],
  [
    'a policy that is a list',
    ({ versions }) => (versions[0] = { ...versions[0], policy: [] }),
    /versions\[0\]\.policy/,
  ],
  [
    'a source outside',
    ({ versions }) => (versions[0] = { ...versions[0], source: { body: '../../etc/passwd' } }),
    /versions\[0\]\.source\.body/,
  ],
  [
    'an environment that is none',
    ({ versions }) => (versions[0] = { ...versions[0], source: { body: 'a'.repeat(64), env: [['A']] } }),
    /source\.env\[0\]/,
  ],
  ['no alias', (record) => (record.aliases = []), /no alias live/],
  [
    'an alias of a version that is not there',
    (record) => (record.aliases = [['live', [{ revision: 7, weight: 100 }]]]),
    /revision is 7/,
  ],
  [
    'weights that are not whole',
    (record) => (record.aliases = [['live', [{ revision: 1, weight: 50 }]]]),
    /weights are 100 together/,
  ],
  [
    'an alias that has no name',
    (record) => (record.aliases = [['../live', [{ revision: 1, weight: 100 }]]]),
    /aliases\[0\]/,
  ],
  [
    'a history of what is not there',
    (record) => (record.history = [[{ revision: 9, weight: 100 }]]),
    /history\[0\]\[0\]\.revision is 9/,
  ],
];

test('a record that was edited or cut is moved aside and named, and the others work', async (t) => {
  const server = await openFunctions(t);
  await deployMany(server.functions, 'f', 2);
  await server.functions.deploy(deployment('fine', giving('fine')));
  await server.functions.close();
  const { engine, directory } = server;
  const path = recordOf(directory, 'f');
  const good = readFileSync(path);
  const sources = readdirSync(join(directory, 'sources'));
  const cuts = [0, 1, 100, good.length - 10].map(
    (bytes) => [`cut at ${bytes}`, good.subarray(0, bytes), /JSON/] as const,
  );
  const edited = EDITS.map(([what, edit, says]) => {
    const record = JSON.parse(good.toString()) as EditedRecord;
    edit(record);
    return [what, Buffer.from(JSON.stringify(record)), says] as const;
  });
  const bytes = [
    ['no UTF-8', Buffer.concat([good, Buffer.of(0xff)]), /./],
    ['a list', Buffer.from('[]'), /it is an array/],
  ] as const;
  for (const [what, content, says] of [...cuts, ...edited, ...bytes]) {
    writeFileSync(path, content);
    const { lines, logger } = keepLines();
    const functions = await Functions.open({ engine, directory, log: logger });
    t.is(functions.problems.length, 1, what);
    t.true(functions.problems[0]?.startsWith(`${path}.bad was moved aside`), functions.problems[0]);
    t.regex(functions.problems[0] ?? '', says, what);
    t.is(lines.length, 1);
    t.throws(() => functions.get(TENANT, 'f'), { code: 'SNAPVM_SERVER_UNKNOWN' }, what);
    t.is(await call(functions, 'fine'), 'fine');
    await functions.close();
    t.deepEqual(readFileSync(`${path}.bad`), Buffer.from(content), what);
    rmSync(`${path}.bad`);
  }
  // Its sources are there still, for whoever mends it.
  t.deepEqual(readdirSync(join(directory, 'sources')), sources);
  writeFileSync(path, good);
  const { functions } = await openFunctions(t, { engine, directory });
  t.deepEqual(functions.problems, []);
  t.is(await call(functions, 'f'), 2);
});

test('a record that is moved aside takes the place of none that was before', async (t) => {
  const server = await openFunctions(t);
  const { engine, directory } = server;
  await server.functions.deploy(deployment('f', giving(1)));
  await server.functions.close();
  const path = recordOf(directory, 'f');
  for (const text of ['one', 'two', 'three']) {
    writeFileSync(path, text);
    await (await Functions.open({ engine, directory })).close();
  }
  const aside = ['.bad', '.bad-2', '.bad-3'].map((ending) => readFileSync(path + ending, 'utf8'));
  t.deepEqual(aside, ['one', 'two', 'three']);
  const { functions } = await openFunctions(t, { engine, directory });
  t.is(functions.problems.length, 3);
  await functions.deploy(deployment('f', giving(2)));
  t.is(await call(functions, 'f'), 2);
});

test('links, folders and strange names among the records are named, and not followed', async (t) => {
  const server = await openFunctions(t);
  const { engine, directory } = server;
  await server.functions.deploy(deployment('f', giving(1)));
  await server.functions.close();
  const folder = join(directory, 'functions', TENANT);
  renameSync(join(folder, 'f.json'), join(directory, 'elsewhere'));
  symlinkSync(join(directory, 'elsewhere'), join(folder, 'f.json'));
  mkdirSync(join(folder, 'g.json'));
  writeFileSync(join(folder, '.hidden.json'), '{}');
  writeFileSync(join(directory, 'functions', 'loose.json'), '{}');
  const { functions } = await openFunctions(t, { engine, directory });
  t.is(functions.problems.length, 4, functions.problems.join('\n'));
  t.deepEqual(functions.list(TENANT, { limit: 10 }).functions, []);
  t.true(readdirSync(folder).includes('f.json.bad'));
});

test('a source that is gone or was changed is an error of its own, which another deployment mends', async (t) => {
  const server = await openFunctions(t);
  const { engine, directory } = server;
  await server.functions.deploy(deployment('f', giving(1)));
  await server.functions.close();
  const [name = ''] = readdirSync(join(directory, 'sources'));
  const path = join(directory, 'sources', name);
  const good = readFileSync(path);
  const spoilt: (readonly [spoil: () => void, says: RegExp])[] = [
    [() => {}, /is missing/],
    [() => writeFileSync(path, good.subarray(1)), /was changed/],
    [() => symlinkSync('/etc/hostname', path), /cannot be used/],
  ];
  for (const [spoil, says] of spoilt) {
    rmSync(path, { force: true });
    spoil();
    const functions = await Functions.open({ engine, directory });
    const error = await errorOf(call(functions, 'f'));
    t.is(error.code, 'SNAPVM_SERVER_DIRECTORY');
    t.regex(error.message, says);
    t.is((await functions.deploy(deployment('f', giving(1)))).created, false);
    t.is(await call(functions, 'f'), 1);
    await functions.close();
  }
  rmSync(path);
  const { functions } = await openFunctions(t, { engine, directory });
  t.deepEqual(functions.problems, [`${name} is missing among the sources: ${TENANT}/f@1 cannot run`]);
});

test('a version that has another hash than at its deployment runs, with a warning', async (t) => {
  const server = await openFunctions(t);
  const { engine, directory } = server;
  const { version } = await server.functions.deploy(deployment('f', giving(1)));
  await server.functions.close();
  const path = recordOf(directory, 'f');
  writeFileSync(path, readFileSync(path, 'utf8').replace(version.version, '0'.repeat(64)));
  const { lines, logger } = keepLines();
  const { functions } = await openFunctions(t, { engine, directory, log: logger });
  t.is(await call(functions, 'f'), 1);
  t.deepEqual(
    lines.map(({ level, fields }) => [level, fields['function']]),
    [['warn', `${TENANT}/f@1`]],
  );
});

/** What a deployment can see of a server. */
function stateOf({ functions, directory, engine }: Server): unknown {
  const { functions: list } = functions.list(TENANT, { limit: 10 });
  return [list, functions.usage(TENANT), filesIn(directory), engine.list().map(({ name }) => name)];
}

async function nothingChanges(t: ExecutionContext, server: Server, errno: string): Promise<void> {
  const before = stateOf(server);
  const big = { ...echo(), body: Buffer.concat([echo().body, new Uint8Array(200_000)]) };
  for (const attempt of [deployment('f', big), deployment('new', big)]) {
    const error = await errorOf(server.functions.deploy(attempt));
    t.is(error.code, 'SNAPVM_SERVER_DIRECTORY');
    t.is(error.details['errno'], errno);
  }
  t.deepEqual(stateOf(server), before);
  t.is(await call(server.functions, 'f'), 1);
}

test('a full disk: a deployment fails, nothing has changed, and there is room again later', async (t) => {
  const disk = smallDisk(t, 0x28000);
  if (disk === undefined) return void t.pass();
  const server = await openFunctions(t, { directory: join(disk, 'server') });
  await server.functions.deploy(deployment('f', giving(1)));
  await nothingChanges(t, server, 'ENOSPC');
  await server.functions.deploy(deployment('f', giving(2)));
  t.is(await call(server.functions, 'f'), 2);
});

test('sources that cannot be written: a deployment fails, and nothing has changed', async (t) => {
  const server = await openFunctions(t);
  await server.functions.deploy(deployment('f', giving(1)));
  const sources = join(server.directory, 'sources');
  renameSync(sources, `${sources}-elsewhere`);
  writeFileSync(sources, '');
  await nothingChanges(t, server, 'ENOTDIR');
});

test('records that cannot be written: every change fails, and nothing has changed', async (t) => {
  const server = await openFunctions(t);
  const { functions, directory } = server;
  await deployMany(functions, 'f', 2);
  await functions.setAlias(TENANT, 'f', 'beta', [{ version: '1', weight: 100 }]);
  const folder = join(directory, 'functions', TENANT);
  const before = stateOf(server);
  renameSync(folder, `${folder}-elsewhere`);
  writeFileSync(folder, '');
  const changes = [
    () => functions.deploy(deployment('f', giving(3))),
    () => functions.deploy(deployment('f', giving(1))),
    () => functions.deploy(deployment('g', giving(3))),
    () => functions.setAlias(TENANT, 'f', 'beta', [{ version: '2', weight: 100 }]),
    () => functions.removeAlias(TENANT, 'f', 'beta'),
    () => functions.rollback(TENANT, 'f'),
    () => functions.remove(TENANT, 'f'),
  ];
  for (const change of changes) t.is((await errorOf(change())).code, 'SNAPVM_SERVER_DIRECTORY', `${change}`);
  rmSync(folder);
  renameSync(`${folder}-elsewhere`, folder);
  t.deepEqual(stateOf(server), before);
  t.is(await call(functions, 'f'), 2);
  await functions.deploy(deployment('f', giving(3)));
  t.is(await call(functions, 'f'), 3);
});

test("a directory that is not a server's, or that others may write to, is refused", async (t) => {
  const engine = await startEngine(t, { workers: 1 });
  const refused = async (prepare: (directory: string) => void, says: RegExp): Promise<void> => {
    const directory = temporaryFolder(t);
    prepare(directory);
    const error = await errorOf(Functions.open({ engine, directory }));
    t.is(error.code, 'SNAPVM_SERVER_DIRECTORY');
    t.regex(error.message, says);
  };
  await refused((directory) => chmodSync(directory, 0o770), /other users may write/);
  await refused(
    (directory) => writeFileSync(join(directory, 'format'), 'snapvm server 2\n'),
    /snapvm server 2/,
  );
  await refused(
    (directory) => writeFileSync(join(directory, 'sources'), ''),
    /sources in it is no directory/,
  );
  await refused((directory) => {
    mkdirSync(join(directory, 'functions'));
    writeFileSync(join(directory, 'functions', 'mine.json'), '{}');
  }, /files in functions that are not of a server/);
  const file = join(temporaryFolder(t), 'file');
  writeFileSync(file, '');
  const error = await errorOf(Functions.open({ engine, directory: join(file, 'server') }));
  t.is(error.code, 'SNAPVM_SERVER_DIRECTORY');
  t.is(
    (await errorOf(Functions.open({ engine, directory: file, maxDefined: 0 }))).code,
    'SNAPVM_CONFIG_VALUE',
  );
});
