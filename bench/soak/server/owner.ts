/** Who deploys a function and changes it all the time, and knows what of it was acknowledged. */
import { randomInt } from 'node:crypto';
import { PATIENT } from './functions.js';
import {
  aliased,
  type Described,
  deployed,
  difference,
  type Known,
  learn,
  rolledBack,
  type Share,
  withoutAlias,
} from './ledger.js';
import { type Answer, json, type Visitor, type Wants } from './visitor.js';

/** A source, and what calls of it answer. */
export interface Face {
  readonly source: string | Uint8Array;
  readonly type: string;
}

const JS = 'text/javascript';
const JSON_HEADERS = { 'content-type': 'application/json' };

export function jsFace(source: string): Face {
  return { source, type: JS };
}

/** Of one function of the tenant `maker`. One change comes after the other. */
export class Owner {
  readonly name: string;
  readonly #visitor: Visitor;
  /** The hashes that sources have become. */
  readonly #hashes = new Map<Face, string>();
  #known: Known | undefined;
  /** What it is if a change was made whose answer was lost; `undefined` is that it is removed. */
  #maybe: { readonly known: Known | undefined; readonly face?: Face } | undefined;

  constructor(name: string, visitor: Visitor) {
    this.name = name;
    this.#visitor = visitor;
  }

  get known(): Known | undefined {
    return this.#known;
  }

  /** Deploys a source that becomes a version. */
  async deploy(face: Face, activate = true): Promise<void> {
    const hash = this.#hashes.get(face);
    const next = deployed(this.#known, hash, activate);
    const isNew = next.versions.length !== (this.#known?.versions.length ?? 0);
    const answer = await this.#put(face, isNew ? ['201'] : ['200'], activate);
    if (answer === undefined) {
      this.#maybe = { known: next, face };
      return;
    }
    if (answer.status !== 200 && answer.status !== 201) return;
    const { version, revision } = json(answer) as { readonly version: string; readonly revision: number };
    this.#hashes.set(face, version);
    this.#known = deployed(this.#known, version, activate);
    if (this.#known.versions.find(({ hash }) => hash === version)?.revision !== revision)
      this.#visitor.tally.surprise(
        `deploy: ${this.name} has the revision ${revision}, not the one that follows`,
      );
  }

  /** Deploys what cannot become a version, and changes nothing. */
  async deployBroken(face: Face, wants: Wants): Promise<void> {
    await this.#put(face, wants, true);
  }

  async setAlias(alias: string, shares: readonly Share[]): Promise<void> {
    if (this.#known === undefined) return;
    const targets = shares.map(({ revision, weight }) => ({ version: String(revision), weight }));
    const body = targets.length === 1 ? { version: targets[0]?.version } : { split: targets };
    await this.#change(
      'alias',
      { method: 'PUT', path: `/aliases/${alias}`, body },
      aliased(this.#known, alias, shares),
    );
  }

  async removeAlias(alias: string): Promise<void> {
    if (this.#known?.aliases.has(alias) !== true) return;
    await this.#change(
      'alias, removed',
      { method: 'DELETE', path: `/aliases/${alias}` },
      withoutAlias(this.#known, alias),
    );
  }

  async rollBack(): Promise<void> {
    if (this.#known === undefined) return;
    const next = rolledBack(this.#known);
    await this.#change(
      'rollback',
      { method: 'POST', path: '/rollback' },
      next ?? this.#known,
      next !== undefined,
    );
  }

  async remove(): Promise<void> {
    if (this.#known === undefined) return;
    const answer = await this.#ask('remove', { method: 'DELETE', path: '' }, ['204']);
    if (answer === undefined) this.#maybe = { known: undefined };
    else if (answer.status === 204) this.#known = undefined;
  }

  /** What a version was made of; `undefined` when no answer has told. */
  faceOf(hash: string | undefined): Face | undefined {
    return [...this.#hashes].find(([, known]) => known === hash)?.[0];
  }

  /** Any of its versions. */
  anyShare(): Share {
    const versions = this.#known?.versions ?? [];
    return { revision: versions[randomInt(Math.max(1, versions.length))]?.revision ?? 1, weight: 100 };
  }

  /** Compares what the server says with what was acknowledged, and settles what was not answered. */
  async check(when: string): Promise<void> {
    const answer = await this.#ask('describe', { method: 'GET', path: '' }, [
      '200',
      '404 SNAPVM_SERVER_UNKNOWN',
    ]);
    if (answer === undefined || (answer.status !== 200 && answer.status !== 404)) return;
    const seen = answer.status === 200 ? (json(answer) as Described) : undefined;
    const maybe = this.#maybe;
    this.#maybe = undefined;
    const wrong = difference(this.#known, seen);
    if (wrong === undefined) return;
    if (maybe !== undefined && difference(maybe.known, seen) === undefined) {
      this.#known = maybe.known && seen && learn(maybe.known, seen);
      const hash = this.#known?.versions.at(-1)?.hash;
      // It is the newest, since a source whose hash was known would have been expected by it.
      if (maybe.face !== undefined && hash !== undefined && !this.#hashes.has(maybe.face))
        this.#hashes.set(maybe.face, hash);
      return;
    }
    this.#visitor.tally.surprise(`${this.name}, ${when}: ${wrong}`);
  }

  async #change(
    kind: string,
    { method, path, body }: { readonly method: string; readonly path: string; readonly body?: object },
    next: Known,
    isPossible = true,
  ): Promise<void> {
    const wants = isPossible ? [method === 'DELETE' ? '204' : '200'] : ['409 SNAPVM_SERVER_CONFLICT'];
    const answer = await this.#ask(kind, { method, path, body }, wants);
    if (answer === undefined) {
      this.#maybe = { known: next };
      return;
    }
    if (answer.status >= 300) return;
    this.#known = next;
    if (answer.status === 204) return;
    const wrong = difference(next, json(answer) as Described);
    if (wrong !== undefined) this.#visitor.tally.surprise(`${this.name}, ${kind}: ${wrong}`);
  }

  async #put({ source, type }: Face, wants: Wants, activate: boolean): Promise<Answer | undefined> {
    const path = `/v1/functions/${this.name}?${PATIENT}&activate=${activate}`;
    const asked = {
      tenant: 'maker',
      method: 'PUT',
      path,
      headers: { 'content-type': type },
      body: source,
    } as const;
    if (!wants[0]?.startsWith('2')) return await this.#visitor.ask('deploy, broken', asked, wants);
    // The bundler has 30 s of its own, which a machine that is overloaded may not give it: nothing is deployed then.
    const isRight = ({ status, body }: Answer): boolean => status !== 422 || body.includes('did not answer');
    return await this.#visitor.ask('deploy', asked, [...wants, '422 SNAPVM_JS_BUNDLE'], isRight);
  }

  async #ask(
    kind: string,
    {
      method,
      path,
      body,
    }: { readonly method: string; readonly path: string; readonly body?: object | undefined },
    wants: Wants,
  ): Promise<Answer | undefined> {
    return await this.#visitor.ask(
      kind,
      {
        tenant: 'maker',
        method,
        path: `/v1/functions/${this.name}${path}`,
        ...(body !== undefined && { body: JSON.stringify(body), headers: JSON_HEADERS }),
      },
      wants,
    );
  }
}
