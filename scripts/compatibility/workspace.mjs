// A folder of projects that use snapvm, a home that nobody has used, and a PATH that holds little.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const PROJECT = fileURLToPath(new URL('../..', import.meta.url));

const PROGRAMS = fileURLToPath(new URL('programs', import.meta.url));

/** Only catches what hangs. */
const TIMEOUT_MS = 600_000;

/** What building snapvm from source would take, and a slim image does not have. */
const COMPILERS = ['cc', 'gcc', 'g++', 'c++', 'clang', 'make', 'python3', 'python', 'node-gyp'];

/** How this machine reaches the registry, and what it runs guests on; nothing else of its environment is passed on. */
const PASSED_ON = [
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
  ...['http_proxy', 'https_proxy', 'no_proxy', 'SNAPVM_BACKEND'],
];

export class Workspace {
  folder = mkdtempSync(join(tmpdir(), 'snapvm-compatibility-'));
  #tarball;
  #installed;

  constructor(tarball) {
    this.#tarball = tarball === undefined ? undefined : resolve(tarball);
    for (const name of ['home', 'bin']) mkdirSync(join(this.folder, name));
    // npm's "sh" runs what packages have npm run at installing (esbuild's); a shell is on every image.
    for (const name of ['node', 'npm', 'sh']) symlinkSync(find(name), join(this.folder, 'bin', name));
    this.registry = capture('npm', ['config', 'get', 'registry'], { cwd: this.folder }).trim();
    const present = COMPILERS.filter(
      (name) => spawnSync(name, ['--version'], { env: this.env }).error === undefined,
    );
    if (present.length > 0) throw new Error(`the PATH of the projects has ${present.join(', ')}`);
  }

  /** An empty home; node, npm and sh. */
  get env() {
    const passedOn = PASSED_ON.filter((name) => process.env[name] !== undefined);
    return {
      ...Object.fromEntries(passedOn.map((name) => [name, process.env[name]])),
      PATH: join(this.folder, 'bin'),
      HOME: join(this.folder, 'home'),
      npm_config_registry: this.registry,
      npm_config_update_notifier: 'false',
      NODE_NO_WARNINGS: '1', // about the process backend
    };
  }

  /** Packed as `npm publish` would. */
  get tarball() {
    this.#tarball ??= this.#pack();
    return this.#tarball;
  }

  #pack() {
    capture(process.execPath, ['scripts/prebuild/main.mjs'], { cwd: PROJECT, env: process.env });
    const args = ['pack', '--ignore-scripts', '--silent', '--pack-destination', this.folder];
    return join(this.folder, capture('npm', args, { cwd: PROJECT, env: process.env }).trim());
  }

  /** A new project, with programs of the folder `programs` in it. */
  create(name, programs = [], manifest = {}) {
    const folder = join(this.folder, name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, name, ...manifest }));
    for (const program of programs) this.add(folder, program);
    return folder;
  }

  /** Puts a program of the folder `programs` into a project. */
  add(folder, program) {
    cpSync(join(PROGRAMS, program), join(folder, program));
  }

  /** A project with snapvm installed by npm, made once; whoever writes into it takes names of its own. */
  get installed() {
    if (this.#installed === undefined) {
      this.#installed = this.create('installed', ['call.mjs', 'call.cjs']);
      this.npm(this.#installed, ['install', this.tarball]);
    }
    return this.#installed;
  }

  npm(cwd, args) {
    return this.run('npm', [...args, '--no-audit', '--no-fund'], cwd);
  }

  /** A package's program, fetched into a project of its own. @returns {string} the project's folder */
  tool(name, packages) {
    const folder = this.create(name);
    this.npm(folder, ['install', '--prefer-offline', ...packages]);
    return folder;
  }

  /** @returns {string} what it printed on stdout; throws unless it ended well */
  run(program, args, cwd, env = {}) {
    return capture(program, args, { cwd, env: { ...this.env, ...env } });
  }

  /** @returns {string} what it printed on stderr; throws unless it failed */
  fail(program, args, cwd) {
    const result = spawnSync(program, args, { cwd, env: this.env, encoding: 'utf8', timeout: TIMEOUT_MS });
    if (result.error) throw result.error;
    if (result.status === 0)
      throw new Error(`${program} ${args.join(' ')} should fail, and printed ${result.stdout}`);
    return result.stderr;
  }

  remove() {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** The program itself, as links beside it (npm's) lead to what it needs. */
function find(name) {
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter)];
  const found = folders
    .map((folder) => join(folder, name))
    .find((file) => realpathIfThere(file) !== undefined);
  if (found === undefined) throw new Error(`there is no ${name} in the PATH`);
  return realpathSync(found);
}

function realpathIfThere(file) {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

function capture(program, args, options) {
  const result = spawnSync(program, args, {
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
    maxBuffer: 1 << 28,
    ...options,
  });
  if (result.status === 0) return result.stdout;
  const cause = result.error?.message ?? `status ${result.status ?? result.signal}`;
  throw new Error(`${program} ${args.join(' ')}: ${cause}\n${result.stdout ?? ''}${result.stderr ?? ''}`);
}
