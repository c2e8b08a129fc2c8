/** Random programs of control flow: as trees, which fast-check makes and shrinks, and as text. */
import fc from 'fast-check';

/** What surrounds a body decides what its jumps can be. */
const KINDS = ['plain', 'generator', 'async', 'async generator'] as const;
type Kind = (typeof KINDS)[number];
type Body = readonly Statement[];

type Statement =
  | { readonly is: 'say' | 'pause' | 'throw' | 'return' | 'break' | 'continue'; readonly n: number }
  | { readonly is: 'if'; readonly yes: Body; readonly no: Body }
  | { readonly is: 'block'; readonly body: Body }
  | { readonly is: 'loop'; readonly form: number; readonly labelled: boolean; readonly body: Body }
  | { readonly is: 'switch'; readonly n: number; readonly labelled: boolean; readonly cases: readonly Body[] }
  | { readonly is: 'try'; readonly body: Body; readonly caught: Body | null; readonly last: Body | null }
  | { readonly is: 'inner'; readonly kind: Kind; readonly body: Body };

export interface Program {
  readonly kind: Kind;
  readonly body: Body;
}

const { program } = fc.letrec<{ program: Program; body: Body; statement: Statement }>((tie) => {
  const body = tie('body') as fc.Arbitrary<Body>;
  const n = fc.nat(9);
  const jumps = ['say', 'pause', 'throw', 'return', 'break', 'continue'] as const;
  const is = <T extends string>(name: T) => fc.constant(name);
  const leaf = fc.record({ is: fc.constantFrom(...jumps), n });
  return {
    statement: fc.oneof(
      { depthSize: 'large', maxDepth: 6, withCrossShrink: true },
      { weight: 5, arbitrary: leaf },
      { weight: 2, arbitrary: fc.record({ is: is('if'), yes: body, no: body }) },
      { weight: 2, arbitrary: fc.record({ is: is('block'), body }) },
      { weight: 3, arbitrary: fc.record({ is: is('loop'), form: n, labelled: fc.boolean(), body }) },
      {
        weight: 1,
        arbitrary: fc.record({
          is: is('switch'),
          n,
          labelled: fc.boolean(),
          cases: fc.array(body, { maxLength: 3 }),
        }),
      },
      {
        weight: 3,
        arbitrary: fc.record({
          is: is('try'),
          body,
          caught: fc.option(body, { freq: 2 }),
          last: fc.option(body, { freq: 2 }),
        }),
      },
      { weight: 1, arbitrary: fc.record({ is: is('inner'), kind: fc.constantFrom(...KINDS), body }) },
    ) as fc.Arbitrary<Statement>,
    body: fc.array(tie('statement') as fc.Arbitrary<Statement>, { maxLength: 4, depthIdentifier: 'body' }),
    program: fc.record({ kind: fc.constantFrom(...KINDS), body }),
  };
});

/** Random programs. */
export const programs: fc.Arbitrary<Program> = program;

/** What a jump can mean at a place. */
interface Place {
  readonly kind: Kind;
  /** From the outermost; a loop's can be continued. */
  readonly labels: readonly { readonly name: string; readonly isLoop: boolean }[];
  /** Whether a jump without a label has somewhere to go. */
  readonly canBreak: boolean;
  readonly canContinue: boolean;
}

/** The program as the body of a function with the parameters `step`, `flip` and `say`: see `RUN`. */
export function textOf({ kind, body }: Program): string {
  const place = { kind, labels: [], canBreak: false, canContinue: false };
  return consume(kind, functionOf(body, place), 'return ', '');
}

/** Calls a function of some kind and shows all it gives. */
function consume(kind: Kind, text: string, begin: string, indent: string): string {
  const call = `(${text})()`;
  if (kind === 'plain') return `${indent}${begin}${call};`;
  if (kind === 'async') return `${indent}${begin}${call};`;
  if (kind === 'generator') return `${indent}for (const x of ${call}) say(x);`;
  const loop = `for await (const x of ${call}) say(x);`;
  return begin === '' ? `${indent}${loop}` : `${indent}${begin}(async () => { ${loop} })();`;
}

const HEADS: Readonly<Record<Kind, string>> = {
  plain: 'function ()',
  generator: 'function* ()',
  async: 'async function ()',
  'async generator': 'async function* ()',
};

function functionOf(body: Body, place: Place, indent = ''): string {
  return `${HEADS[place.kind]} ${blockOf(body, place, indent)}`;
}

function blockOf(body: Body, place: Place, indent: string): string {
  if (body.length === 0) return '{}';
  const lines = body.map((statement) => lineOf(statement, place, `${indent}  `));
  return `{\n${lines.join('\n')}\n${indent}}`;
}

function lineOf(statement: Statement, place: Place, indent: string): string {
  switch (statement.is) {
    case 'if': {
      const no = statement.no.length === 0 ? '' : ` else ${blockOf(statement.no, place, indent)}`;
      return `${indent}if (flip()) ${blockOf(statement.yes, place, indent)}${no}`;
    }
    case 'block': {
      const name = newLabel(place);
      const inside = { ...place, labels: [...place.labels, { name, isLoop: false }] };
      return `${indent}${name}: ${blockOf(statement.body, inside, indent)}`;
    }
    case 'loop':
      return loopOf(statement, place, indent);
    case 'switch':
      return switchOf(statement, place, indent);
    case 'try': {
      const caught = statement.caught && ` catch (e) ${blockOf(statement.caught, place, indent)}`;
      const last = statement.last && ` finally ${blockOf(statement.last, place, indent)}`;
      const end = caught || last ? `${caught ?? ''}${last ?? ''}` : ' finally {}';
      return `${indent}try ${blockOf(statement.body, place, indent)}${end}`;
    }
    case 'inner':
      return innerOf(statement.kind, statement.body, place, indent);
    default:
      return `${indent}${jumpOf(statement.is, statement.n, place)}`;
  }
}

function newLabel({ labels }: Place): string {
  return 'ABCDEFGHIJKLMNOPQRST'[labels.length] ?? `L${labels.length}`;
}

const LOOPS: readonly ((body: string, isAsync: boolean) => string)[] = [
  (body) => `while (step() && flip()) ${body}`,
  (body) => `for (let i = 0; i < 3 && step(); i++) ${body}`,
  (body) => `do ${body} while (step() && flip());`,
  (body) => `for (const x of [1, 2, 3]) ${body}`,
  (body) => `for (const x in { a: 1, b: 2 }) ${body}`,
  (body) => `for (const x of (function* () { try { yield 1; yield 2; } finally { say('f'); } })()) ${body}`,
  (body, isAsync) => `for ${isAsync ? 'await ' : ''}(const [x] of [[1], [2]]) ${body}`,
];

function loopOf(loop: Extract<Statement, { is: 'loop' }>, place: Place, indent: string): string {
  const name = newLabel(place);
  const labels = loop.labelled ? [...place.labels, { name, isLoop: true }] : place.labels;
  const inside = { ...place, labels, canBreak: true, canContinue: true };
  const make = LOOPS[loop.form % LOOPS.length] as (typeof LOOPS)[number];
  const text = make(blockOf(loop.body, inside, indent), isAsync(place.kind));
  return `${indent}${loop.labelled ? `${name}: ` : ''}${text}`;
}

function switchOf(of: Extract<Statement, { is: 'switch' }>, place: Place, indent: string): string {
  const name = newLabel(place);
  const labels = of.labelled ? [...place.labels, { name, isLoop: false }] : place.labels;
  const inside = { ...place, labels, canBreak: true };
  const cases = of.cases.map((body, at) => {
    const head = at === of.n % 4 ? 'default' : `case ${at}`;
    return `${indent}  ${head}:\n${body.map((each) => lineOf(each, inside, `${indent}    `)).join('\n')}\n`;
  });
  return `${indent}${of.labelled ? `${name}: ` : ''}switch (${of.n} % 3) {\n${cases.join('')}${indent}}`;
}

function innerOf(kind: Kind, body: Body, place: Place, indent: string): string {
  // Only what is asynchronous can wait for what is.
  const inner = isAsync(kind) && !isAsync(place.kind) ? 'generator' : kind;
  const inside = { kind: inner, labels: [], canBreak: false, canContinue: false };
  const text = functionOf(body, inside, indent);
  if (inner === 'plain') return `${indent}say((${text})());`;
  if (inner === 'async') return `${indent}say(await (${text})());`;
  if (inner === 'generator' && place.kind === 'generator') return `${indent}say(yield* (${text})());`;
  return consume(inner, text, '', indent);
}

function isAsync(kind: Kind): boolean {
  return kind === 'async' || kind === 'async generator';
}

/** A jump that goes nowhere at this place says its number instead. */
function jumpOf(is: string, n: number, { kind, labels, canBreak, canContinue }: Place): string {
  const say = `say(${n});`;
  if (is === 'throw' || is === 'return') return `${is} ${n};`;
  if (is === 'pause') {
    if (kind === 'plain') return say;
    const what = kind === 'async' || (kind === 'async generator' && n % 2 === 0) ? 'await' : 'yield';
    return `say(${what} ${n});`;
  }
  if (is !== 'break' && is !== 'continue') return say;
  const names = labels.filter(({ isLoop }) => is === 'break' || isLoop).map(({ name }) => ` ${name}`);
  if (is === 'break' ? canBreak : canContinue) names.push('');
  const name = names[n % names.length];
  return name === undefined ? say : `${is}${name};`;
}

/**
 * The text of a module that runs programs: its default export takes texts, and answers what each said and how it
 * ended, as text. A program that ends in Node ends anywhere: `step` is false after so many rounds.
 */
export const RUN = `
const nameOf = (error) => (typeof error === 'object' && error !== null ? error.name : error);
async function run(text) {
  const log = [];
  let [rounds, state] = [60, 1];
  const step = () => rounds-- > 0;
  const flip = () => (state = (state * 5 + 3) % 17) % 2 === 0;
  const say = (value) => { if (log.length < 300) log.push(value === undefined ? 'undefined' : value); return value; };
  try {
    return JSON.stringify([log, 'gave', await new Function('step', 'flip', 'say', text)(step, flip, say)]);
  } catch (error) {
    return JSON.stringify([log, 'threw', nameOf(error)]);
  }
}
export default async (texts) => {
  const answers = [];
  for (const text of texts) answers.push(await run(text));
  return answers;
};
`;
