// Everything but the addon: the guests, then TypeScript. A published package holds both built and has no sources.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLocales } from './build-locales.mjs';
import { buildPage } from './build-page.mjs';
import { buildPlatform } from './build-platform.mjs';
import { buildPrelude } from './build-prelude.mjs';
import { requirePrerequisites } from './prerequisites.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const COMMAND_LINE_TOOL = join(PROJECT, 'dist/src/cli/main.js');

function step(name, program, args) {
  const { status, signal, error } = spawnSync(program, args, { cwd: PROJECT, stdio: 'inherit' });
  if (status === 0) return;
  const cause = error?.message ?? (signal ? `killed by ${signal}` : `${program} ended with status ${status}`);
  fail(`${name} could not be built: ${cause}`);
}

function findTypeScript() {
  try {
    return createRequire(import.meta.url).resolve('typescript/bin/tsc');
  } catch {
    return fail('TypeScript is not installed; npm ci, without --omit=dev, installs it');
  }
}

/** Removes what was compiled of sources that are gone: tests among it would still run, and a package would carry it. */
function removeStale() {
  for (const folder of ['src', 'workers', 'test', 'bench']) {
    const compiled = join(PROJECT, 'dist', folder);
    if (!existsSync(compiled)) continue;
    for (const name of readdirSync(compiled, { recursive: true })) {
      const [, source, kind] = /^(.*?)(?:\.d)?\.(c?)[jt]s(?:\.map)?$/.exec(name) ?? [];
      if (source !== undefined && !existsSync(join(PROJECT, folder, `${source}.${kind}ts`)))
        rmSync(join(compiled, name));
    }
  }
}

function fail(message) {
  console.error(`snapvm: ${message}`);
  process.exit(1);
}

if (existsSync(join(PROJECT, 'tsconfig.json'))) {
  requirePrerequisites();
  step('the guests', process.env.MAKE ?? 'make', ['--no-print-directory', '--silent', '-C', 'guest', '-j2']);
  await buildPrelude(PROJECT);
  await buildPlatform(PROJECT);
  buildLocales(PROJECT);
  removeStale();
  await buildPage(PROJECT);
  step('TypeScript', process.execPath, [findTypeScript(), '-p', 'tsconfig.json']);
  if (existsSync(COMMAND_LINE_TOOL)) chmodSync(COMMAND_LINE_TOOL, 0o755); // tsc writes files nobody may execute
}
