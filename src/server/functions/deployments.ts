/**
 * How a source becomes a version: kept, defined, written into its function's record; or nothing of it stays.
 */

import { SnapvmError } from '../../base/errors.js';
import { isoTime, wallMs } from '../../base/globals.js';
import type { Catalog } from './catalog.js';
import { newRecord, withLive, withVersion } from './changes.js';
import type { Definitions } from './definitions.js';
import {
  areAlike,
  bytesOf,
  checkSource,
  describeSource,
  dropSource,
  type EngineSource,
  engineSource,
  keepSource,
  policyFor,
} from './engine-source.js';
import type {
  Deployment,
  FunctionRecord,
  GivenSource,
  StoredSource,
  StoredVersion,
  Usage,
  Version,
} from './model.js';
import { engineName, shownFunction } from './names.js';
import { Reservations } from './reservations.js';
import type { Sources } from './sources.js';
import type { StoredEntries } from './stored.js';

/** Of policy, arguments, environment and names of exports: what each change of a function writes again. */
const MOST_DESCRIPTION_BYTES = 256 * 1024;

/** Told what a tenant has and what is to be added; throws what is thrown by `deploy`. */
export type Admit = (usage: Usage, more: Usage) => void;

/** What deployments work with. */
interface DeploymentTools {
  readonly catalog: Catalog;
  readonly sources: Sources;
  readonly stored: StoredEntries;
  readonly definitions: Definitions;
  /** Whether modules may import packages of the working directory. */
  readonly packages: boolean;
  /** Ends versions that are in no record any more. */
  readonly leave: (record: FunctionRecord, versions: readonly StoredVersion[]) => void;
}

/** A deployment that has been checked, and its source written. */
interface Begun {
  readonly before: FunctionRecord;
  readonly source: StoredSource;
  readonly deployment: Deployment;
  readonly policy: Readonly<Record<string, unknown>>;
}

/** Makes versions. Those of one function are to come one after the other. */
export class Deployments {
  readonly #tools: DeploymentTools;
  readonly #reserved = new Reservations();

  constructor(tools: DeploymentTools) {
    this.#tools = tools;
  }

  /** @throws SnapvmError what `Functions.deploy` throws */
  async deploy(deployment: Deployment, admit?: Admit): Promise<{ version: Version; created: boolean }> {
    const { tenant, name, source: given } = deployment;
    checkSource(given);
    const policy = policyFor(deployment);
    const source = engineSource(given, this.#tools.packages);
    const described = await describeSource(given);
    const { catalog, sources } = this.#tools;
    const found = catalog.find(tenant, name);
    const end = this.#admit(tenant, moreThan(found, { given, policy, source: described.source }), admit);
    try {
      const before = found ?? newRecord(tenant, name, isoTime(wallMs()));
      await keepSource(sources, described);
      let isKept = false;
      try {
        const made = await this.#define({ before, source: described.source, deployment, policy }, source);
        isKept = made.created;
        return made;
      } finally {
        if (!isKept) await dropSource(sources, described.source).catch(() => {}); // the next start removes it
      }
    } finally {
      end();
    }
  }

  /** Defines it in the engine, and decides whether it stays. */
  async #define(
    { before, source, deployment, policy }: Begun,
    given: EngineSource,
  ): Promise<{ version: Version; created: boolean }> {
    const { definitions, catalog, stored } = this.#tools;
    const revision = before.nextRevision;
    const name = engineName(before, revision);
    const handle = await definitions.inTurn(before.tenant, () => definitions.make(name, given, policy));
    definitions.adopt(handle); // before anybody can ask for it, who would define it once more
    const { storeKeys } = handle;
    stored.hold(storeKeys);
    let isUsed = false;
    try {
      const same = before.versions.findLast(
        ({ info }) => info.version === handle.hash && areAlike(info.policy, policy),
      );
      if (same !== undefined) {
        const next = withLive(before, same, deployment.activate);
        if (next !== before) await catalog.save(next);
        return { version: same.info, created: false };
      }
      const info: Version = {
        revision,
        version: handle.hash,
        kind: deployment.source.kind,
        policy,
        createdAt: isoTime(wallMs()),
        bytes: bytesOf(deployment.source),
        functions: handle.functions,
      };
      await this.#save(before, { info, source, stored: storeKeys }, deployment.activate);
      isUsed = true;
      return { version: info, created: true };
    } finally {
      if (!isUsed) {
        await definitions.forget(name);
        await stored.drop(storeKeys).catch(() => {}); // the next start removes it
      }
    }
  }

  async #save(before: FunctionRecord, version: StoredVersion, activate: boolean): Promise<void> {
    checkDescription(before, version);
    const added = withVersion(before, version);
    await this.#tools.catalog.save(withLive(added, version, activate));
    const kept = new Set(added.versions);
    this.#tools.leave(
      before,
      before.versions.filter((each) => !kept.has(each)),
    );
  }

  /** @returns what is to be called when the deployment has ended @throws what `admit` throws */
  #admit(tenant: string, more: Usage, admit: Admit | undefined): () => void {
    const { functions, bytes } = this.#tools.catalog.usage(tenant);
    const others = this.#reserved.of(tenant);
    admit?.({ functions: functions + others.functions, bytes: bytes + others.bytes }, more);
    return this.#reserved.add(tenant, more);
  }
}

/** What a deployment adds to what there is: nothing, if it is one that there was. */
function moreThan(
  found: FunctionRecord | undefined,
  { given, policy, source }: { readonly given: GivenSource } & Pick<Begun, 'policy' | 'source'>,
): Usage {
  const isAgain = found?.versions.some(
    (version) => areAlike(version.info.policy, policy) && areAlike(version.source, source),
  );
  return { functions: found === undefined ? 1 : 0, bytes: isAgain === true ? 0 : bytesOf(given) };
}

/** @throws SnapvmError `SNAPVM_SERVER_TOO_LARGE` */
function checkDescription(record: FunctionRecord, { info, source }: StoredVersion): void {
  const bytes = Buffer.byteLength(JSON.stringify([info, source]));
  if (bytes <= MOST_DESCRIPTION_BYTES) return;
  throw new SnapvmError(
    'SNAPVM_SERVER_TOO_LARGE',
    `policy, arguments, environment and names of exports of ${shownFunction(record)} have ${bytes} bytes as JSON; ` +
      `at most ${MOST_DESCRIPTION_BYTES} are taken`,
    { bytes, room: MOST_DESCRIPTION_BYTES },
  );
}
