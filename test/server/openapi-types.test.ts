// Types that openapi-typescript makes of the document: a client of them works, and those of snapvm/client are the same.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';
import { send, startServer } from '../support/http-server.js';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));

/** Requests as the document says they are, and nothing else: what compiles is what a generated client knows. */
const FETCH = `
import type { paths } from './api.js';

type Bodies<T> = T extends { requestBody?: { content: infer C } } ? C : never;
type Good<T> = T extends { responses: infer R } ? R[Extract<keyof R, 200 | 201 | 202>] : never;
type Answers<T> = Good<T> extends { content: { 'application/json': infer A } } ? A : undefined;
type Parts<T> = T extends { parameters: { path?: infer P; query?: infer Q } } ? { path: P; query?: Q } : never;

export async function ask<
  Path extends keyof paths,
  Method extends keyof paths[Path] & ('get' | 'put' | 'post' | 'delete'),
  Type extends keyof Bodies<paths[Path][Method]> & string = never,
>(
  method: Method,
  path: Path,
  parts: Parts<paths[Path][Method]>,
  body?: { type: Type; value: Bodies<paths[Path][Method]>[Type] },
): Promise<Answers<paths[Path][Method]>> {
  const { path: inPath = {}, query = {} } = parts as { path?: object; query?: object };
  const values = new Map(Object.entries(inPath));
  const place = path.replace(/{(\\w+)}/g, (_, name: string) => encodeURIComponent(String(values.get(name))));
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  const answer = await fetch(process.argv[2] + place + '?' + search, {
    method: method.toUpperCase(),
    ...(body !== undefined && {
      headers: { 'content-type': body.type },
      body: body.type === 'application/json' ? JSON.stringify(body.value) : String(body.value),
    }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return (text === '' ? undefined : JSON.parse(text)) as Answers<paths[Path][Method]>;
}
`;

const PROGRAM = `
import { ask } from './fetch.js';

const path = { name: 'greet' };
const js = (value: string) => ({ type: 'application/javascript' as const, value });
const first = await ask('put', '/v1/functions/{name}', { path, query: { timeoutMs: 60000 } }, js('export default (x) => x + 1;'));
await ask('put', '/v1/functions/{name}', { path, query: { timeoutMs: 60000 } }, js('export default (x) => x + 2;'));
const answer: unknown = await ask('post', '/v1/functions/{name}', { path }, { type: 'application/json', value: 40 });
const { revision } = (await ask('get', '/v1/functions/{name}', { path })).versions[0]!;
const back = await ask('post', '/v1/functions/{name}/rollback', { path });
const before: unknown = await ask('post', '/v1/functions/{name}', { path }, { type: 'application/json', value: 40 });
const split = { split: [{ version: '1', weight: 90 }, { version: '2', weight: 10 }] };
const aliases = await ask('put', '/v1/functions/{name}/aliases/{alias}', { path: { ...path, alias: 'beta' } }, { type: 'application/json', value: split });
const { functions } = await ask('get', '/v1/functions', { query: { limit: 10 } } as never);
const batch = await ask('post', '/v1/functions/{name}/batch', { path }, { type: 'application/json', value: [1, 2] });
console.log(JSON.stringify([
  first.created, answer, revision, back.live?.[0]?.revision, before, aliases.aliases['beta']?.length,
  functions.map(({ name, kind }) => [name, kind]), batch.map(({ result }) => result),
]));
`;

/** Each is wrong, and begins with what the compiler has to say of it. */
const WRONG: readonly (readonly [code: number, statement: string])[] = [
  [2345, `await ask('get', '/v1/function', {} as never);`],
  [2345, `await ask('put', '/v1/functions/{name}/rollback', { path: { name: 'f' } });`],
  [2741, `await ask('get', '/v1/functions/{name}', { path: {} });`],
  [2561, `await ask('post', '/v1/functions/{name}', { path: { name: 'f' }, query: { aliass: 'a' } });`],
  [2322, `await ask('post', '/v1/functions/{name}', { path: { name: 'f' }, query: { stream: 'yes' } });`],
  [
    2322,
    `await ask('put', '/v1/functions/{name}', { path: { name: 'f' } }, { type: 'text/html', value: '' });`,
  ],
  [
    2322,
    `await ask('put', '/v1/functions/{name}/aliases/{alias}', { path: { name: 'f', alias: 'a' } },
      { type: 'application/json', value: { version: 1 } });`,
  ],
  [2551, `(await ask('get', '/v1/functions/{name}', { path: { name: 'f' } })).versionz;`],
];

/** Types of the client, and what the document calls them. Each side has to do where the other is wanted. */
const PAIRS: Readonly<Record<string, string>> = {
  'client.AliasTarget': `S['AliasTarget']`,
  'client.CallCounters': `S['CallCounters']`,
  'client.CallState': `S['CallState']`,
  'client.Deployed': `S['Deployed']`,
  'client.FunctionInfo': `S['FunctionInfo']`,
  'client.FunctionKind': `S['FunctionVersion']['kind']`,
  'client.FunctionPolicy': `S['Policy']`,
  'client.FunctionSummary': `S['FunctionSummary']`,
  'client.FunctionVersion': `S['FunctionVersion']`,
  "Omit<client.Health, 'ready'>": `S['Readiness']`,
  'client.LogLine': `S['LogLine']`,
  'client.MemoryMap': `S['MemoryMap']`,
  'client.MemoryRegion': `S['MemoryRegion']`,
  'client.ProgramOutput': `S['ProgramResult']['stdout']`,
  'client.ProgramResult': `S['ProgramResult']`,
  'client.QueuedCall': `S['QueuedCall']`,
  "Omit<client.AsyncCall, 'error'>": `Omit<S['AsyncCall'], 'problem' | 'resultBase64'>`,
  'Required<Known<client.Problem>>': `Required<S['Problem']>`,
  "NonNullable<client.LogOptions['limit']>": `NonNullable<NonNullable<Query<'getLogs'>>['limit']>`,
  "NonNullable<client.ListOptions['pageSize']>": `NonNullable<NonNullable<Query<'listFunctions'>>['limit']>`,
};

async function generated(t: ExecutionContext): Promise<{ folder: string; url: string }> {
  const server = await startServer(t);
  const { json } = await send(server, 'GET', '/openapi.json');
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-openapi-'));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  write(folder, 'package.json', '{ "type": "module" }');
  write(folder, 'api.ts', astToString(await openapiTS(json, { immutable: true })));
  symlinkSync(join(PROJECT, 'node_modules'), join(folder, 'node_modules'));
  return { folder, url: server.url };
}

function write(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

/** Compiles files of the folder; what the compiler says, each with the line it is about. */
function compile(folder: string, names: readonly string[]): { code: number; line: number; text: string }[] {
  const program = ts.createProgram(
    names.map((name) => join(folder, name)),
    {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.NodeNext,
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: true,
      types: ['node'],
      typeRoots: [join(PROJECT, 'node_modules', '@types')],
    },
  );
  const { diagnostics } = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map(({ code, file, start, messageText }) => ({
    code,
    line: file?.getLineAndCharacterOfPosition(start ?? 0).line ?? -1,
    text: ts.flattenDiagnosticMessageText(messageText, '\n'),
  }));
}

test('a client that is generated from the document compiles, runs, and refuses what is wrong', async (t) => {
  const { folder, url } = await generated(t);
  write(folder, 'fetch.ts', FETCH);
  write(folder, 'program.ts', PROGRAM);
  const statements = WRONG.map(([, statement]) => statement.replaceAll(/\s*\n\s*/g, ' '));
  write(folder, 'wrong.ts', [`import { ask } from './fetch.js';`, ...statements].join('\n'));
  const said = compile(folder, ['program.ts', 'wrong.ts']);
  t.deepEqual(
    said.map(({ code, line }) => [line, code]),
    WRONG.map(([code], at) => [at + 1, code]),
    JSON.stringify(said, undefined, 1),
  );
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'program.js'), url]);
  t.deepEqual(JSON.parse(stdout), [true, 42, 2, 1, 41, 2, [['greet', 'js']], [2, 3]]);
});

test('the types of snapvm/client are those of the document', async (t) => {
  const { folder } = await generated(t);
  const client = join(PROJECT, 'dist', 'src', 'client', 'index.js');
  const head =
    `import type * as client from ${JSON.stringify(client)}; import type { components, operations } from './api.js';
    type S = components['schemas']; type Query<Name extends 'getLogs' | 'listFunctions'> = operations[Name]['parameters']['query'];
    type Known<T> = { [K in keyof T as string extends K ? never : K]: T[K] };
    type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : 'the client lacks it') : 'the document lacks it';
  `.replaceAll('\n', ' ');
  const lines = Object.entries(PAIRS).map(
    ([ours, theirs], at) => `export const pair${at}: Same<${ours}, ${theirs}> = true;`,
  );
  // And it would say so.
  lines.push(`export const other: Same<client.Deployed, S['FunctionVersion']> = true;`);
  write(folder, 'pairs.ts', [head, ...lines].join('\n'));
  const said = compile(folder, ['pairs.ts']);
  const wrong = said.map(({ line, text }) => `${lines[line - 1] ?? line}: ${text}`);
  t.is(wrong.length, 1, wrong.join('\n'));
  t.regex(wrong[0] ?? '', /^export const other: /);
});
