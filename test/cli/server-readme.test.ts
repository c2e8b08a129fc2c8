/** What README says of the server is what it does: its commands are run, and compared with what their comments say. */
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { PROJECT } from '../support/abi-sources.js';
import { MAIN } from '../support/cli.js';
import { type Served, scratchDirectory, serve } from '../support/cli-server.js';

const execute = promisify(execFile);
const ADDRESS = 'http://127.0.0.1:8080';
const FUNCTION = 'export default ({ name }) => ({ hello: name })';

/** The blocks of the section on the server, in a language. */
function blocks(language: string): readonly string[] {
  const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');
  const section = /^## Serve\n(.*?)^## /ms.exec(readme)?.[1] ?? '';
  const found = [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)];
  return found.filter(([, name]) => name === language).map(([, , text = '']) => text);
}

async function inShell(text: string, cwd: string, { url }: Served): Promise<string> {
  const script = text.replaceAll(ADDRESS, url).replaceAll('npx snapvm', `'${process.execPath}' '${MAIN}'`);
  const env = { ...process.env, SNAPVM_URL: url, SNAPVM_TOKEN: '' };
  return (await execute('/bin/sh', ['-ec', script], { cwd, env })).stdout;
}

test.serial('the commands of README serve, deploy and call', async (t) => {
  const directory = scratchDirectory(t);
  const served = await serve(t, ['--directory', join(directory, 'state')]);
  const [serving = '', curl = '', own = '', more] = blocks('sh');
  t.is(more, undefined);
  t.regex(serving, /^npx snapvm serve +# on http:\/\/127\.0\.0\.1:8080, [^\n]+\n$/);
  if (spawnSync('curl', ['--version']).status === 0) {
    const said = /# (.*)\n$/.exec(curl)?.[1];
    t.is(said, '{"hello":"Ada"}');
    const stdout = await inShell(curl, directory, served);
    t.regex(stdout, /^\{.*"revision":1.*\}\{"hello":"Ada"\}$/s);
  } else t.log('left out: there is no curl here');
  writeFileSync(join(directory, 'function.js'), FUNCTION);
  const stdout = await inShell(own, directory, served);
  t.regex(stdout, /^function: revision 1, .* live\n\{\n {2}"hello": "Ada"\n\}\n$/);
});

test.serial('the client of README prints what its comment says', async (t) => {
  const { client, url } = await serve(t, ['--directory', scratchDirectory(t)]);
  await client.deploy('greet', FUNCTION);
  const [code = '', more] = blocks('ts');
  t.is(more, undefined);
  // In the project, so that the package finds itself.
  const file = join(PROJECT, `client.${process.pid}.mjs`);
  writeFileSync(file, code);
  t.teardown(() => rmSync(file));
  const env = { ...process.env, SNAPVM_URL: url, SNAPVM_TOKEN: '' };
  const { stdout, stderr } = await execute(process.execPath, [file], {
    cwd: PROJECT,
    env,
    timeout: 60_000,
  });
  t.is(stderr, '');
  t.is(stdout, `${/console\.log\(.*\); \/\/ (.*)$/m.exec(code)?.[1]}\n`);
  t.deepEqual(await client.call('greet', { name: 'Ada' }), { hello: 'Ada' });
});
