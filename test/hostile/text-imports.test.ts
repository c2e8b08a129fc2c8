// What a text, which may be a stranger's, gets of the packages that are installed: code and JSON, and no more.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inspect } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import { startEngine } from '../support/engine.js';
import { defineError } from '../support/js.js';

const HERE = process.cwd();
const SECRET = 'hunter2';
const roots: string[] = [];

test.after.always(() => {
  process.chdir(HERE);
  for (const root of roots) rmSync(root, { recursive: true });
});

/** The working directory is a workspace: packages, links to more, and secrets in and beside them. */
function inWorkspace(t: ExecutionContext): void {
  const root = mkdtempSync(join(tmpdir(), 'snapvm-js-'));
  roots.push(root);
  process.chdir(root);
  t.teardown(() => process.chdir(HERE));
  const files = {
    'node_modules/pkg/index.js': `import own from './data.json'; export default own.value;`,
    'node_modules/pkg/data.json': '{"value":1}',
    'node_modules/pkg/key.pem': SECRET,
    'node_modules/pkg/.env': `module.exports = "${SECRET}"`,
    'node_modules/pkg/.secret.js': `export default '${SECRET}';`,
    'node_modules/pkg/.git/config.json': `{"password":"${SECRET}"}`,
    'node_modules/pkg/.git/node_modules/a.js': `export default '${SECRET}';`,
    'node_modules/pkg/broken.json': `{"password":${SECRET}}`,
    'node_modules/pkg/broken.js': `const password = 'a' ${SECRET}`,
    'node_modules/.pnpm/stored@1/node_modules/stored/index.js': 'export default 2;',
    'node_modules/.pnpm/secret.json': `{"password":"${SECRET}"}`,
    'node_modules/common/index.js': `module.exports = [require('common-too'), ask()];
      function ask() {
        try {
          return require('not-there');
        } catch ({ code }) {
          return code;
        }
      }`,
    'node_modules/common-too/index.js': 'module.exports = 3;',
    'packages/mine/index.js': `export default '${SECRET}';`,
    'packages/mine/secret.json': `{"password":"${SECRET}"}`,
    'secret.json': `{"password":"${SECRET}"}`,
  };
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(name), { recursive: true });
    writeFileSync(name, content);
  }
  symlinkSync('.pnpm/stored@1/node_modules/stored', 'node_modules/stored');
  symlinkSync('../packages/mine', 'node_modules/mine');
  symlinkSync('/etc/passwd', 'node_modules/pkg/passwd');
  symlinkSync('/etc/passwd', 'node_modules/pkg/passwd.json');
  symlinkSync('../../secret.json', 'node_modules/pkg/linked.json');
  execFileSync('mkfifo', ['node_modules/pkg/pipe.js']);
}

test.serial('a text gets code and JSON of packages, however they were installed', async (t) => {
  inWorkspace(t);
  const engine = await startEngine(t, { workers: 1 });
  const js = `import one from 'pkg'; import two from 'stored'; import data from 'pkg/data.json' with { type: 'json' };
    import common from 'common';
    export default () => [one, two, data.value, ...common];`;
  t.deepEqual(await (await engine.define('f', { js })).call(), [1, 2, 1, 3, 'MODULE_NOT_FOUND']);
});

test.serial('a text gets no other file, and no word of one in an error', async (t) => {
  inWorkspace(t);
  const engine = await startEngine(t, { workers: 1 });
  const imports = [
    "'pkg/key.pem' with { type: 'text' }",
    "'pkg/key.pem' with { type: 'bytes' }",
    "'pkg/key.pem' with { type: 'json' }",
    "'pkg/index.js' with { type: 'text' }",
    "'pkg/index.js' with { type: 'file' }",
    "'pkg/.env' with { type: 'text' }",
    "'pkg/.env'",
    "'pkg/.env?x.js'",
    "'pkg/index.js?text'",
    "'pkg/index.js#text'",
    "'pkg/.secret.js'",
    "'pkg/.git/config.json'",
    "'pkg/.git/node_modules/a.js'",
    "'.pnpm/secret.json'",
    "'pkg/passwd' with { type: 'text' }",
    "'pkg/passwd.json'",
    "'pkg/linked.json'",
    "'pkg/broken.json'",
    "'pkg/broken.js'",
    "'pkg/pipe.js'",
    "'mine'",
    "'mine/secret.json'",
  ];
  for (const what of imports) {
    for (const language of ['js', 'ts'] as const) {
      const source = `import x from ${what}; export default () => x;`;
      const error = await defineError(engine, { source, language });
      t.regex(error.code, /^SNAPVM_JS_(BUNDLE|SYNTAX)$/, what);
      t.false(inspect(error, { depth: 9, showHidden: true }).includes(SECRET), what);
      t.false(inspect(error, { depth: 9 }).includes('root:'), what);
    }
  }
});
