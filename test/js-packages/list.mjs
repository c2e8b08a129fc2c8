// node test/js-packages/list.mjs: writes docs/js-packages.md from known.json, needs.json and package.json.
import { readFileSync, writeFileSync } from 'node:fs';

export const PAGE = new URL('../../docs/js-packages.md', import.meta.url);

const HEAD = `# Packages in JavaScript functions

\`npm run test:packages\` installs these packages from npm, uses each in Node and in a guest by a task of its own
(\`test/js-packages/tasks/\`), and compares the answers. It fails when this list is not what it finds. The page is made by
\`node test/js-packages/list.mjs\`.
`;

function read(name) {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

/** @returns {string} the page */
export function pageText() {
  const [known, needs, { dependencies }] = ['known.json', 'needs.json', 'package.json'].map(read);
  const names = Object.keys(dependencies).sort();
  const working = names.filter((name) => !(name in known));
  const shown = (name) => `${name} ${dependencies[name].slice(dependencies[name].lastIndexOf('@') + 1)}`;
  const need = Object.entries(needs).map(([name, policy]) => `| ${name} | \`${JSON.stringify(policy)}\` |`);
  return [
    HEAD,
    `## ${working.length} of ${names.length} work`,
    '',
    wrapped(working.map(shown).join(', ')),
    '',
    ...(need.length > 0
      ? ['## These need a policy, or locales', '', '| package | what |', '|---|---|', ...need, '']
      : []),
    `## ${names.length - working.length} do not`,
    '',
    '| package | why |',
    '|---|---|',
    ...Object.entries(known).map(([name, reason]) => `| ${shown(name)} | ${reason.replaceAll('|', '\\|')} |`),
    '',
  ].join('\n');
}

function wrapped(text) {
  return text.replaceAll(/(.{1,115})(?: |$)/g, '$1\n').trimEnd();
}

if (process.argv[1] === import.meta.filename) writeFileSync(PAGE, pageText());
