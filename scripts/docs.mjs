// npm run docs: the API reference, docs/api, from the docstrings of what the entries of the package export (options:
// typedoc.json, which has those of `snapvm` itself; the others are in folders of their own below it).
// With --check it writes nothing, and fails if a docstring is missing, docs/api is outdated, or a link leads nowhere,
// in the reference or in the pages that are written by hand.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Application, ReflectionKind } from 'typedoc';
import { MarkdownPageEvent } from 'typedoc-plugin-markdown';
import { brokenLinks } from './doc-links.mjs';

const PROJECT = fileURLToPath(new URL('..', import.meta.url));
const REFERENCE = 'docs/api';
/** The first has the others' folders in its own, and empties that. */
const ENTRIES = [
  { folder: '.', options: {} },
  {
    folder: 'server',
    options: {
      name: 'snapvm/server',
      entryPoints: ['src/server/index.ts'],
      // Of the reference of snapvm.
      intentionallyNotExported: ['Engine', 'EngineOptions', 'HostFunction', 'ErrorCode', 'Thrown'],
    },
  },
  { folder: 'client', options: { name: 'snapvm/client', entryPoints: ['src/client/index.ts'] } },
];

/** @returns {Promise<boolean>} whether there was nothing to complain about; complaints are printed */
async function generate(out) {
  let sound = true;
  for (const entry of ENTRIES) if (!(await generateEntry(out, entry))) sound = false;
  return sound;
}

async function generateEntry(out, { folder, options: own }) {
  const app = await Application.bootstrapWithPlugins({ ...own, out: join(out, folder) });
  const { logger, options, renderer } = app;
  const project = await app.convert();
  if (!project) throw new Error('there is no reference without a program that compiles');
  const exempt = options.getValue('intentionallyNotDocumented');
  options.setValue('intentionallyNotDocumented', [...exempt, ...constantMembers(project)]);
  app.validate(project);
  renderer.on(MarkdownPageEvent.END, (page) => {
    if (page.model !== project) return;
    page.contents = page.contents.replace(
      /^## /m,
      () => `${listEverything(project, renderer.router)}\n\n${elsewhere(folder)}\n\n## `,
    );
  });
  await app.generateOutputs(project);
  return logger.errorCount + logger.warningCount + logger.validationWarningCount === 0;
}

/** Members of constant objects, such as ERROR_CODES: the reference shows their values, which say what they mean. */
function constantMembers(project) {
  const isConstant = ({ parent }) =>
    parent?.kindOf(ReflectionKind.TypeLiteral) && parent.parent?.kindOf(ReflectionKind.Variable);
  // typedoc warns of an exemption that nothing needs.
  return project
    .getReflectionsByKind(ReflectionKind.Property)
    .filter((member) => isConstant(member) && !member.hasComment())
    .map((member) => member.getFriendlyFullName());
}

/** Everything exported, by kind: typedoc itself lists only what has a page of its own. */
function listEverything(project, router) {
  const list = ({ title, children }) =>
    `**${title}**: ${children.map((item) => `[${item.name}](${router.getFullUrl(item)})`).join(', ')}`;
  return project.groups.map(list).join('\n\n');
}

/** Links to the other entries. */
function elsewhere(folder) {
  const up = folder === '.' ? '' : '../';
  const others = ENTRIES.filter((entry) => entry.folder !== folder).map((entry) => {
    const { name = 'snapvm' } = entry.options;
    return `[${name}](${up}${entry.folder === '.' ? '' : `${entry.folder}/`}README.md)`;
  });
  return `The other entries of the package: ${others.join(', ')}.`;
}

function readFiles(folder) {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

/** @returns {string[]} what is missing, different or too much in the committed reference */
function compare(committed, generated) {
  const names = [...new Set([...committed.keys(), ...generated.keys()])].sort();
  return names.filter((name) => committed.get(name) !== generated.get(name));
}

async function check() {
  const folder = mkdtempSync(join(tmpdir(), 'snapvm-docs-'));
  try {
    const sound = await generate(folder);
    const outdated = compare(readFiles(REFERENCE), readFiles(folder));
    for (const name of outdated) console.error(`${REFERENCE}/${name} is outdated; run npm run docs`);
    const broken = brokenLinks(PROJECT);
    for (const link of broken) console.error(link);
    return sound && outdated.length === 0 && broken.length === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });
process.chdir(PROJECT);
if (values.check) process.exitCode = (await check()) ? 0 : 1;
else await generate(REFERENCE);
