// npm run test:compatibility: packs snapvm, installs the tarball as its users do, and calls functions there.
//   -- --all            also what takes long: every package manager, the conformance cases on each Node
//   -- --filter WORD    the cases with that in their name, whether quick or not; repeatable
//   -- --tarball FILE   that package instead of one packed now
//   -- --keep           leaves the projects where they are
// Prints TAP with the footer that scripts/count-tests.mjs reads. docs/compatibility.md has what --all gave.
import { parseArgs } from 'node:util';
import { BUNDLER_CASES } from './bundlers.mjs';
import { MANAGER_CASES } from './managers.mjs';
import { MODULE_CASES } from './modules.mjs';
import { NODE_CASES } from './nodes.mjs';
import { RUNNER_CASES } from './runners.mjs';
import { SERVER_CASES } from './servers.mjs';
import { Workspace } from './workspace.mjs';

/** @typedef {{ name: string, quick: boolean, run: (workspace: Workspace) => string[] }} Case its lines are shown */

/** The first installs the project that most others use. */
const CASES = [
  ...MANAGER_CASES,
  ...MODULE_CASES,
  ...NODE_CASES,
  ...SERVER_CASES,
  ...BUNDLER_CASES,
  ...RUNNER_CASES,
];

/** Of what a failed command printed: its end says why. */
const MOST_LINES = 100;
const MOST_WIDTH = 300;

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    filter: { type: 'string', multiple: true, default: [] },
    tarball: { type: 'string' },
    keep: { type: 'boolean', default: false },
  },
});
const named = ({ name }) => values.filter.some((word) => name.includes(word));
const chosen = CASES.filter(values.filter.length > 0 ? named : ({ quick }) => quick || values.all);
const workspace = new Workspace(values.tarball);
let failed = 0;
try {
  for (const [index, one] of chosen.entries()) report(one, index + 1);
} finally {
  if (values.keep) console.log(`# ${workspace.folder}`);
  else workspace.remove();
}
const passed = chosen.length - failed;
console.log(`\n1..${chosen.length}\n# tests ${chosen.length}\n# pass ${passed}\n# fail ${failed}`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;

function report({ name, run }, number) {
  const started = performance.now();
  const seconds = () => `(${((performance.now() - started) / 1000).toFixed(1)} s)`;
  try {
    const lines = run(workspace);
    console.log(`ok ${number} - ${name} ${seconds()}`);
    for (const line of lines) console.log(`#   ${line}`);
  } catch (error) {
    failed += 1;
    console.log(`not ok ${number} - ${name} ${seconds()}`);
    for (const line of error.message.trimEnd().split('\n').slice(-MOST_LINES))
      console.log(`  ${line.slice(0, MOST_WIDTH)}`);
  }
}
