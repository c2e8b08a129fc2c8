/** `snapvm completion`: the scripts in the shells that they are for. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { failsWith, MAIN, snapvm } from '../support/cli.js';
import { scratchDirectory } from '../support/cli-server.js';
import type { Found } from '../support/linux-build.js';
import { answerJson, closedUrl, stubServer } from '../support/stub-server.js';
import { testWith } from '../support/test-with.js';

const execute = promisify(execFile);

function shell(name: string): Found<string> {
  const { status } = spawnSync(name, ['-c', 'exit 0']);
  return status === 0 ? { value: name } : { missing: `${name} is not installed` };
}

const BASH = shell('bash');
const ZSH = shell('zsh');
const NAMES = ['greet', 'greeting', 'orders', '$(touch pwned)', '`touch pwned`', ';touch pwned', 'a b', '-x'];

/** Waits for names however long it takes: the machine may be busy. */
const PATIENT = `#!/bin/sh
[ "$2" != names ] || set -- "$@" --timeout-ms 60000
exec '${process.execPath}' '${MAIN}' "$@"
`;

/** Completes command lines in a folder with a `snapvm` and some files. Each is the words that bash or zsh makes of it. */
class Prompt {
  readonly folder: string;
  readonly #shell: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #ready: Promise<void>;

  constructor(t: ExecutionContext, name: string, url: string) {
    this.#shell = name;
    this.folder = scratchDirectory(t);
    writeFileSync(join(this.folder, 'snapvm'), PATIENT, {
      mode: 0o755,
    });
    writeFileSync(join(this.folder, 'module.js'), '');
    writeFileSync(join(this.folder, 'module two.ts'), '');
    mkdirSync(join(this.folder, 'more'));
    this.#env = {
      ...process.env,
      PATH: `${this.folder}:${process.env['PATH']}`,
      SNAPVM_URL: url,
      SNAPVM_TOKEN: '',
    };
    this.#ready = this.#writeScript();
  }

  async #writeScript(): Promise<void> {
    const { stdout } = await snapvm(['completion', this.#shell]);
    writeFileSync(join(this.folder, 'completion.script'), stdout);
  }

  async run(script: string, words: readonly string[]): Promise<readonly string[]> {
    await this.#ready;
    const { stdout, stderr } = await execute(this.#shell, ['-c', script, this.#shell, ...words], {
      cwd: this.folder,
      env: this.#env,
    });
    if (stderr !== '') throw new Error(stderr);
    return stdout.split('\n').slice(0, -1);
  }
}

const IN_BASH = `source ./completion.script
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_snapvm
for one in "\${COMPREPLY[@]}"; do printf '%s\\n' "$one"; done`;

/** Outside of a completion the builtins of one do not work: these say what they are given. */
const IN_ZSH = `compdef() { : }
compadd() { [[ $1 == -- ]] && shift; for one in "$@"; do [[ $one == \${words[CURRENT]}* ]] && print -r -- "$one"; done; return 0 }
_describe() { for one in \${(P)@[-1]}; do one=\${one%%:*}; [[ $one == \${words[CURRENT]}* ]] && print -r -- "$one"; done; return 0 }
_files() { print -r -- "files $* of \${words[CURRENT]}" }
compset() { [[ \${words[CURRENT]} == \${~2}* ]] || return 1; words[CURRENT]=\${words[CURRENT]##\${~2}}; cur=\${words[CURRENT]} }
source ./completion.script
words=("$@") CURRENT=$#
_snapvm
exit 0`;

async function serverWith(t: ExecutionContext, names: readonly string[]): Promise<string> {
  const functions = names.map((name) => ({ name, createdAt: '2026-01-01T00:00:00Z' }));
  return (await stubServer(t, (_asked, response) => answerJson(response, 200, { functions }))).url;
}

testWith(BASH, 'bash completes commands, options and values', async (t, bash) => {
  const prompt = new Prompt(t, bash, await closedUrl());
  const offered = (...words: readonly string[]) => prompt.run(IN_BASH, ['snapvm', ...words]);
  t.deepEqual(await offered('ro'), ['rollback']);
  t.true((await offered('')).length > 15);
  t.deepEqual(await offered('help', 'insp'), ['inspect']);
  t.deepEqual(await offered('call', 'f', '--re'), ['--revision']);
  t.deepEqual(await offered('call', '--de'), ['--deadline-ms']);
  t.deepEqual(await offered('serve', '--log-level', ''), ['off', 'error', 'warn', 'info', 'debug', 'trace']);
  t.deepEqual(await offered('serve', '--backend', '=', 'k'), ['kvm']);
  // Where COMP_WORDBREAKS has no =.
  t.deepEqual(await offered('serve', '--backend=k'), ['--backend=kvm']);
  t.deepEqual(await offered('serve', '--backend', '='), ['auto', 'kvm', 'process']);
  t.deepEqual(await offered('deploy', '--warm', 's'), ['stdin']);
  t.deepEqual(await offered('token', '--role', 'd'), ['deploy']);
  t.deepEqual(await offered('bench', ''), ['density']);
  t.deepEqual(await offered('completion', 'z'), ['zsh']);
  t.deepEqual(await offered('call', '--fn', ''), []);
  t.deepEqual(await offered('rollback', 'f', ''), []);
  t.deepEqual(await offered('nothing', '--'), []);
  t.deepEqual(await offered('--he'), []);
});

testWith(BASH, 'bash completes files where a file is taken', async (t, bash) => {
  const prompt = new Prompt(t, bash, await closedUrl());
  const offered = async (...words: readonly string[]) =>
    [...(await prompt.run(IN_BASH, ['snapvm', ...words]))].sort();
  t.deepEqual(await offered('deploy', 'mo'), ['module two.ts', 'module.js', 'more']);
  t.deepEqual(await offered('deploy', '--kind', 'js', '--', 'module.'), ['module.js']);
  t.deepEqual(await offered('serve', '--directory', ''), ['more']);
  t.deepEqual(await offered('serve', '--access', 'module.'), ['module.js']);
  t.deepEqual(await offered('call', 'f', '--input', '@', 'module.'), ['module.js']);
  t.deepEqual(await offered('call', 'f', '--input', 'module.'), []);
  t.deepEqual(await offered('call', 'f', '--input', '=@', 'module.'), ['module.js']);
  t.deepEqual(await offered('exec', '--file', '/data', '=', 'module.'), ['module.js']);
  t.deepEqual(await offered('exec', 'module.js', '--fi'), []);
  t.deepEqual(await offered('exec', 'module.js', '--x', 'module.'), ['module.js']);
});

testWith(BASH, "bash completes names of the server's functions, and obeys none", async (t, bash) => {
  const prompt = new Prompt(t, bash, await serverWith(t, NAMES));
  for (const command of ['call', 'logs', 'rollback', 'remove'])
    t.deepEqual(await prompt.run(IN_BASH, ['snapvm', command, 'gre']), ['greet', 'greeting']);
  t.deepEqual(await prompt.run(IN_BASH, ['snapvm', 'call', '']), ['greet', 'greeting', 'orders']);
  t.deepEqual(await prompt.run(IN_BASH, ['snapvm', 'call', '--json', '$(touch pwned)']), []);
  const url = (await closedUrl()).split(':');
  const [scheme = '', host = '', port = ''] = url;
  const elsewhere = ['snapvm', 'call', '--url', scheme, ':', host, ':', port, ''];
  t.deepEqual(await prompt.run(IN_BASH, elsewhere), []);
  // A program in the place of snapvm that filters nothing.
  writeFileSync(join(prompt.folder, 'other'), `#!/bin/sh\nprintf '%s\\n' 'fine' '$(touch pwned)' ';x'\n`, {
    mode: 0o755,
  });
  t.deepEqual(await prompt.run(IN_BASH, ['other', 'call', '']), ['fine']);
  t.false(existsSync(join(prompt.folder, 'pwned')));
});

testWith(ZSH, 'zsh completes commands, options, values, files and names', async (t, zsh) => {
  const prompt = new Prompt(t, zsh, await serverWith(t, NAMES));
  const offered = (...words: readonly string[]) => prompt.run(IN_ZSH, ['snapvm', ...words]);
  t.deepEqual(await offered('ro'), ['rollback']);
  t.deepEqual(await offered('help', 'insp'), ['inspect']);
  t.deepEqual(await offered('call', 'f', '--re'), ['--revision']);
  t.deepEqual(await offered('serve', '--log-level', 't'), ['trace']);
  t.deepEqual(await offered('serve', '--backend=k'), ['kvm']);
  t.deepEqual(await offered('call', '--fn', ''), []);
  t.deepEqual(await offered('deploy', 'mo'), ['files  of mo']);
  t.deepEqual(await offered('serve', '--directory', 'm'), ['files -/ of m']);
  t.deepEqual(await offered('call', 'f', '--input', '@mo'), ['files  of mo']);
  t.deepEqual(await offered('exec', '--file', '/data=mo'), ['files  of mo']);
  t.deepEqual(await offered('exec', 'x', '--fi'), ['files  of --fi']);
  for (const command of ['call', 'logs', 'rollback', 'remove'])
    t.deepEqual(await offered(command, 'gre'), ['greet', 'greeting']);
  t.deepEqual(await offered('call', ''), ['greet', 'greeting', 'orders']);
  writeFileSync(join(prompt.folder, 'other'), `#!/bin/sh\nprintf '%s\\n' 'fine' '$(touch pwned)' ';x'\n`, {
    mode: 0o755,
  });
  t.deepEqual(await prompt.run(IN_ZSH, ['other', 'call', '']), ['fine']);
  t.false(existsSync(join(prompt.folder, 'pwned')));
});

test('names are those that a shell may have, and none is an answer too', async (t) => {
  const url = await serverWith(t, NAMES);
  const names = await snapvm(['completion', 'names', '--timeout-ms', '60000', '--url', url]);
  t.like(names, { code: 0, stderr: '' });
  t.is(names.stdout.toString(), 'greet\ngreeting\norders\n');
  const hanging = await stubServer(t, () => {});
  for (const wrong of [await closedUrl(), hanging.url, 'no url'])
    t.deepEqual(await snapvm(['completion', 'names', '--url', wrong]), {
      code: 0,
      signal: null,
      stdout: Buffer.alloc(0),
      stderr: '',
    });
  await failsWith(t, ['completion', 'fish'], 2, 'the shell is "fish"', 'bash, zsh');
  await failsWith(t, ['completion'], 2, 'completion needs <shell>');
});
