/** What changes under the load: functions that are deployed anew, rolled back, split, removed. */
import { randomInt } from 'node:crypto';
import { HOSTILE_TEXT } from '../attackers.js';
import type { Job } from './functions.js';
import { type Face, jsFace, Owner } from './owner.js';
import type { Answer, Visitor } from './visitor.js';

const STEADY = 3;
const AT_ONCE = 4;
const ANSWER = /^"face \d"$/;
/** Always there, beside `live`. */
const PINNED = 'pinned';
const LARGE_BYTES = 2 * 2 ** 20;

/** The same versions again and again: no function has ever more of them. */
const FACES: readonly Face[] = [
  ...Array.from({ length: 4 }, (_, i) => jsFace(`export default () => "face ${i}";`)),
  // A source of some MiB, which bundling cannot make shorter.
  jsFace(
    `const large = "${'large '.repeat(LARGE_BYTES / 6)}"; export default () => "face " + (large.length > 9 ? 4 : "?");`,
  ),
  { source: 'const face: number = 5; export default (): string => "face " + face;', type: 'text/typescript' },
];

const BROKEN: readonly (readonly [Face, string])[] = [
  [jsFace('export default ('), '422 SNAPVM_JS_SYNTAX'],
  [jsFace('export default 1; throw new Error("at once");'), '422 SNAPVM_JS_ERROR'],
  [jsFace('import "no-such-package"; export default 1;'), '422 SNAPVM_JS_BUNDLE'],
  [jsFace(''), '400 SNAPVM_SERVER_REQUEST'],
  [{ source: 'export default 1', type: 'text/plain' }, '415 SNAPVM_SERVER_MEDIA'],
  [{ source: 'no ELF', type: 'application/vnd.snapvm.native+elf' }, '422 SNAPVM_ELF_MAGIC'],
  [{ source: 'no ELF', type: 'application/vnd.snapvm.linux+elf' }, '422 SNAPVM_ELF_MAGIC'],
];
const HOSTILE: readonly [Face, string] = [
  { source: HOSTILE_TEXT, type: 'text/typescript' },
  '422 SNAPVM_JS_BUNDLE',
];

export class Churn {
  readonly owners: readonly Owner[];
  /** Functions that are there for some requests. */
  readonly #briefs: readonly Owner[];
  readonly #visitor: Visitor;
  #made = 0;

  constructor(visitor: Visitor) {
    this.#visitor = visitor;
    this.owners = Array.from({ length: STEADY }, (_, i) => new Owner(`changing-${i}`, visitor));
    this.#briefs = [new Owner('brief', visitor), new Owner('toString', visitor)];
  }

  /** Makes those that are always there. */
  async start(): Promise<void> {
    for (const owner of this.owners) {
      for (const face of FACES) await owner.deploy(face);
      await this.#callAll(owner);
      await owner.setAlias(PINNED, [owner.anyShare()]);
    }
  }

  /** Calls of functions that change: each is answered, whatever is under way. */
  readonly jobs: readonly Job[] = [
    { kind: 'changing function', weight: 100, run: () => this.#call('') },
    { kind: 'changing function, by alias', weight: 30, run: () => this.#call(`?alias=${PINNED}`) },
  ];

  /** What owners do, one thing at a time each: to be called again and again. */
  lanes(isLong: boolean): readonly (() => Promise<void>)[] {
    return [
      ...this.owners.map((owner) => () => this.#change(owner, isLong)),
      ...this.#briefs.map((owner) => () => this.#brief(owner)),
    ];
  }

  /** Compares all functions with what was acknowledged. */
  async check(when: string): Promise<void> {
    for (const owner of [...this.owners, ...this.#briefs]) await owner.check(when);
    const names = [...this.owners, ...this.#briefs]
      .filter(({ known }) => known !== undefined)
      .map(({ name }) => name);
    const path = '/v1/functions?limit=1000';
    await this.#visitor.ask('list', { tenant: 'maker', method: 'GET', path }, ['200'], ({ body }) => {
      const { functions } = JSON.parse(body.toString()) as { functions: { name: string }[] };
      return JSON.stringify(functions.map(({ name }) => name)) === JSON.stringify(names.sort());
    });
    for (const owner of this.owners) await this.#callAll(owner);
  }

  /** Each version runs, and is the one that it was; each worker has it from then on. */
  async #callAll(owner: Owner): Promise<void> {
    for (const { revision, hash } of owner.known?.versions ?? []) {
      const face = owner.faceOf(hash);
      const text = face === undefined ? undefined : `"face ${FACES.indexOf(face)}"`;
      const asked = { tenant: 'maker', path: `/v1/functions/${owner.name}?version=${revision}` } as const;
      const isIts = ({ body, headers }: Answer): boolean =>
        headers['snapvm-version'] === hash && (text ?? body.toString()) === body.toString();
      const calls = Array.from({ length: AT_ONCE }, () =>
        this.#visitor.ask('version of a changing function', asked, ['200'], isIts),
      );
      await Promise.all(calls);
    }
  }

  async #call(query: string): Promise<void> {
    await this.#callOf(this.owners[randomInt(STEADY)] as Owner, query);
  }

  async #callOf({ name }: Owner, query: string): Promise<void> {
    const asked = { tenant: 'maker', path: `/v1/functions/${name}${query}` } as const;
    const kind = query === '' ? 'changing function' : 'changing function, by alias';
    await this.#visitor.ask(kind, asked, ['200'], ({ body }) => ANSWER.test(body.toString()));
  }

  async #change(owner: Owner, isLong: boolean): Promise<void> {
    const life = await this.#visitor.server.up();
    const dice = randomInt(100);
    if (dice < 35) await owner.deploy(FACES[randomInt(FACES.length)] as Face);
    else if (dice < 45) await owner.deploy(FACES[randomInt(FACES.length)] as Face, false);
    else if (dice < 60) await owner.rollBack();
    else if (dice < 70) await owner.setAlias(PINNED, this.#shares(owner));
    else if (dice < 75) await owner.setAlias('live', this.#shares(owner));
    else if (dice < 82) await owner.setAlias('canary', this.#shares(owner));
    else if (dice < 88) await owner.removeAlias('canary');
    else {
      // It keeps both processors busy for seconds.
      const isHostile = isLong && randomInt(25) === 0;
      const [face, wants] = isHostile
        ? HOSTILE
        : (BROKEN[randomInt(BROKEN.length)] as (typeof BROKEN)[number]);
      await owner.deployBroken(face, [wants]);
    }
    if (!life.isOver && randomInt(10) === 0) await owner.check('under load');
  }

  #shares(owner: Owner): readonly { readonly revision: number; readonly weight: number }[] {
    const [one, other] = [owner.anyShare(), owner.anyShare()];
    if (one.revision === other.revision) return [one];
    const weight = randomInt(1, 100);
    return [
      { ...one, weight },
      { ...other, weight: 100 - weight },
    ];
  }

  /** A function of its own source, which is removed again. */
  async #brief(owner: Owner): Promise<void> {
    const life = await this.#visitor.server.up();
    const text = `brief ${this.#made++}`;
    await owner.deploy(jsFace(`export default () => ${JSON.stringify(text)};`));
    const path = `/v1/functions/${owner.name}`;
    const isIts = ({ body }: { readonly body: Buffer }): boolean => body.toString() === JSON.stringify(text);
    if (life.isOver) return;
    const calls = Array.from({ length: 3 }, () =>
      this.#visitor.ask('brief function', { tenant: 'maker', path }, ['200'], isIts),
    );
    await Promise.all(calls);
    if (life.isOver) return;
    const first = owner.known?.versions.at(-1)?.revision;
    if (owner.known !== undefined && first !== undefined)
      await owner.setAlias('canary', [{ revision: first, weight: 100 }]);
    if (life.isOver) return;
    const late = this.#visitor.ask('brief function, removed', { tenant: 'maker', path }, [
      '200',
      '404 SNAPVM_SERVER_UNKNOWN',
    ]);
    await owner.remove();
    await late;
    if (owner.known === undefined && !life.isOver)
      await this.#visitor.ask('brief function, gone', { tenant: 'maker', path }, [
        '404 SNAPVM_SERVER_UNKNOWN',
      ]);
  }
}
