// Links of the hand-written pages: every relative link of README.md, CONTRIBUTING.md, CHANGELOG.md and docs/ leads to
// a file that exists and, after a #, to a heading or an anchor in it; and a page that any other file of the project
// names by its path exists.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'];
/** What may name a page in a comment or a message. */
const SOURCES = ['src', 'workers', 'native', 'guest', 'bench', 'test', 'scripts'];
const SOURCE_NAME = /\.(?:[cm]?[jt]s|cc?|cpp|h|S|md)$/;

/** @returns {string[]} a line for each link that leads nowhere */
export function brokenLinks(project) {
  const pages = [...PAGES, ...listFiles(project, 'docs', /\.md$/)].filter((page) =>
    existsSync(join(project, page)),
  );
  return [...pages.flatMap((page) => brokenLinksOf(project, page)), ...pagesNamedInVain(project, pages)];
}

function brokenLinksOf(project, page) {
  return linksOf(readFileSync(join(project, page), 'utf8'))
    .filter(({ target }) => !/^[a-z]+:/.test(target))
    .flatMap(({ target, line }) => {
      const [path, anchor] = target.split('#');
      const file = path === '' ? join(project, page) : resolve(project, dirname(page), path);
      const where = `${page}:${line}: ${target}`;
      if (!existsSync(file)) return [`${where}: ${relative(project, file)} does not exist`];
      if (anchor === undefined || !file.endsWith('.md')) return [];
      return anchorsOf(readFileSync(file, 'utf8')).has(anchor) ? [] : [`${where}: no heading of that name`];
    });
}

/** @returns {{ target: string, line: number }[]} */
function linksOf(text) {
  return withoutCode(text)
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => ({ target, line: index + 1 })),
    );
}

/** As GitHub makes them of headings, and those that are written as HTML. */
function anchorsOf(text) {
  const anchors = new Set([...text.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id]) => id));
  const seen = new Map();
  for (const [, heading] of withoutFences(text).matchAll(/^#{1,6} +(.*?) *#*$/gm)) {
    const plain = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-');
    const count = seen.get(plain) ?? 0;
    seen.set(plain, count + 1);
    anchors.add(count === 0 ? plain : `${plain}-${count}`);
  }
  return anchors;
}

/** Blocks of code become empty lines, so that the numbers of lines stay. */
function withoutFences(text) {
  return text.replace(/^```[\s\S]*?^```$/gm, (block) => block.replace(/[^\n]/g, ''));
}

function withoutCode(text) {
  return withoutFences(text).replace(/`[^`\n]*`/g, '');
}

function pagesNamedInVain(project, pages) {
  const files = SOURCES.flatMap((folder) => listFiles(project, folder, SOURCE_NAME));
  return [...pages, ...files].flatMap((file) => {
    const lines = readFileSync(join(project, file), 'utf8').split('\n');
    return lines.flatMap((line, index) =>
      [...line.matchAll(/\bdocs\/[\w/.-]+?\.md\b/g)]
        .filter(([named]) => !existsSync(join(project, named)))
        .map(([named]) => `${file}:${index + 1}: ${named} does not exist`),
    );
  });
}

function listFiles(project, folder, name) {
  if (!existsSync(join(project, folder))) return [];
  return readdirSync(join(project, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => join(relative(project, entry.parentPath), entry.name))
    .filter((path) => !path.includes('node_modules'))
    .sort();
}
