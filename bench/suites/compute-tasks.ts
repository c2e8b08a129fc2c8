/**
 * What the suite `compute` runs in a guest and in Node: the same text in both. Each task does some milliseconds of
 * work in Node or less, and answers a number that shows it was done. The list is fixed: figures are compared over
 * versions.
 */
// @ts-expect-error: it has no types
import MarkdownIt from 'markdown-it';

/** The same numbers everywhere. */
function numbers(count: number): number[] {
  let state = 12345;
  return Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return state;
  });
}

/** Not a good hash: quick beside what is measured. */
function sumOf(text: string): number {
  let sum = text.length;
  for (let i = 0; i < text.length; i += 97) sum = (sum * 31 + text.charCodeAt(i)) % 1_000_003;
  return sum;
}

const WORDS = 'the quick brown fox jumps over one lazy dog while 42 birds sing at 10:30 in München'.split(
  ' ',
);

function textOf(words: number): string {
  return numbers(words)
    .map((n) => WORDS[n % WORDS.length])
    .join(' ');
}

function fib(): number {
  const of = (n: number): number => (n < 2 ? n : of(n - 1) + of(n - 2));
  return of(24);
}

function sort(): number {
  const list = numbers(10_000).sort((a, b) => a - b);
  const rows = numbers(3000)
    .map((n) => ({ name: `row ${n % 997}`, n }))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.n - b.n));
  return ((list[5000] ?? 0) + (rows[1500]?.n ?? 0)) % 1_000_003;
}

function json(): number {
  const rows = numbers(1000).map((n, id) => ({
    id,
    name: `name ${n % 100}`,
    tags: ['a', 'b'],
    deep: { n, on: n % 2 === 0 },
  }));
  let sum = 0;
  for (let i = 0; i < 4; i++) {
    const text = JSON.stringify(rows);
    const back = JSON.parse(text) as typeof rows;
    sum += text.length + (back[i]?.deep.n ?? 0);
  }
  return sum % 1_000_003;
}

function regexps(): number {
  const text = textOf(6000);
  let sum = 0;
  for (const [word] of text.matchAll(/\b[a-z]{4,}\b/g)) sum += word.length;
  for (const match of text.matchAll(/(?<hour>\d+):(?<minute>\d+)/g)) sum += Number(match.groups?.['minute']);
  sum += text.replace(/(qu)(ick)|br(own)/gi, '$2$1').length;
  sum += text.split(/\s+(?:over|at)\s+/).length;
  sum += text.match(/\p{Lu}\p{L}+/gu)?.length ?? 0;
  return sum;
}

function markdown(): number {
  const part = `# ${textOf(5)}\n\n${textOf(40)} *em* **strong** \`code\` [link](http://e.org)\n\n- ${textOf(6)}\n- ${textOf(6)}\n\n| a | b |\n|---|---|\n| 1 | ${textOf(3)} |\n\n> ${textOf(20)}\n\n\`\`\`js\nlet a = 1;\n\`\`\`\n\n`;
  const html = new MarkdownIt({ html: true, linkify: true, typographer: true }).render(
    part.repeat(20),
  ) as string;
  return sumOf(html);
}

function strings(): number {
  let text = '';
  for (const n of numbers(20_000)) text += n % 7 === 0 ? `<${n % 100}>` : 'ab';
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (hash * 33 + text.charCodeAt(i)) | 0;
  const parts = text.split('>').map((part) => part.slice(0, 5).toUpperCase().padEnd(6, '.'));
  return ((hash >>> 0) + sumOf(parts.join('|'))) % 1_000_003;
}

class Account {
  readonly #owner: string;
  #balance = 0;
  #moves = 0;
  static #made = 0;

  constructor(owner: string) {
    this.#owner = owner;
    Account.#made += 1;
  }

  static get made(): number {
    return Account.#made;
  }

  get total(): number {
    return this.#balance + this.#moves + this.#owner.length;
  }

  move(amount: number): this {
    this.#balance = this.#check(this.#balance + amount);
    this.#moves += 1;
    return this;
  }

  #check(amount: number): number {
    return #balance in this && amount < 1_000_000 ? amount : amount - 1_000_000;
  }
}

function privateFields(): number {
  const before = Account.made;
  const accounts = Array.from({ length: 500 }, (_, i) => new Account(`owner ${i}`));
  for (let round = 0; round < 40; round++)
    for (const [i, account] of accounts.entries()) account.move(i * round);
  return accounts.reduce((sum, { total }) => sum + total, Account.made - before);
}

function typedArrays(): number {
  const sieve = new Uint8Array(60_000);
  let primes = 0;
  for (let n = 2; n < sieve.length; n++) {
    if (sieve[n] !== 0) continue;
    primes += 1;
    for (let at = n * 2; at < sieve.length; at += n) sieve[at] = 1;
  }
  const size = 32;
  const [a, b, c] = [1, 2, 0].map((by) =>
    Float64Array.from({ length: size * size }, (_, i) => (i % 17) * by),
  );
  if (a === undefined || b === undefined || c === undefined) return 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < size; j++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (a[i * size + k] ?? 0) * (b[k * size + j] ?? 0);
      c[i * size + j] = sum;
    }
  return primes + c.reduce((sum, n) => sum + n, 0);
}

export const TASKS: Readonly<Record<string, () => number>> = {
  fib,
  sort,
  json,
  regexps,
  markdown,
  strings,
  privateFields,
  typedArrays,
};

export default (name: string): number | undefined => TASKS[name]?.();
