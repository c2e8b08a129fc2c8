/** Tools over standard input and output, for the one who starts them: who may do everything. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { SnapvmError } from '../../base/errors.js';
import { Engine } from '../../engine/engine.js';
import { openDirectory } from '../files.js';
import { Functions } from '../functions/functions.js';
import type { Outcome } from '../http/invoke.js';
import { LinesByFunction } from './lines.js';
import { type CheckedMcp, checkMcp, findPrograms, type McpOptions } from './options.js';
import { answerStdio } from './stdio.js';
import type { Caller, DeployedCall } from './tool.js';
import { Tools } from './tools.js';

/** What the tools of one user are made with. */
export interface LocalOptions extends McpOptions {
  readonly backend?: 'auto' | 'kvm' | 'process';
  /** A server's directory, whose functions become tools; no server may have it meanwhile. @default no functions */
  readonly directory?: string;
  /** Whose functions. @default 'default' */
  readonly tenant?: string;
  /** This package's. */
  readonly version: string;
  /** Is told of errors that are not the client's. */
  readonly failed: (error: unknown) => void;
}

/** Tools that wait for a client. */
export interface LocalTools {
  /** Answers until standard input ends, and all that it asked is answered. */
  answer(): Promise<void>;
  /** Ends what runs. Idempotent. */
  close(): Promise<void>;
}

interface Deployed {
  readonly functions: Functions;
  readonly engine: Engine;
}

/**
 * Makes them. Code and programs have an engine that starts with the first run.
 * @throws SnapvmError `SNAPVM_CONFIG_*`, `SNAPVM_SERVER_DIRECTORY`, and what `Engine.start` throws
 */
export async function openLocal(given: LocalOptions): Promise<LocalTools> {
  const { backend, directory, tenant = 'default', version, failed, ...own } = given;
  const options = checkMcp(own, backend);
  await findPrograms(options);
  const deployed = directory === undefined ? undefined : await openDeployed(options, directory);
  const tools = new Tools(options, deployed?.functions);
  const caller: Caller = {
    tenant,
    mayRun: true,
    admit: () => ({ end() {} }),
    call: (call) => callDeployed(deployed?.functions, tenant, call),
  };
  return {
    answer: () => answerStdio({ tools, version, caller, requestId: 'stdio', failed }),
    close: async () => {
      await tools.close();
      await deployed?.functions.close();
      await deployed?.engine.close();
    },
  };
}

async function openDeployed({ backend }: CheckedMcp, given: string): Promise<Deployed> {
  const directory = await openDirectory(given);
  const store = join(directory, 'store');
  await mkdir(store, { recursive: true, mode: 0o700 });
  const engine = await Engine.start({
    ...(backend !== undefined && { backend }),
    store,
    logger: new LinesByFunction(), // calls have their own
  });
  try {
    return { engine, functions: await Functions.open({ engine, directory }) };
  } catch (error) {
    await engine.close();
    throw error;
  }
}

async function callDeployed(
  functions: Functions | undefined,
  tenant: string,
  { name, input, args, signal, lines }: DeployedCall,
): Promise<Outcome> {
  if (functions === undefined) throw new SnapvmError('SNAPVM_SERVER_UNKNOWN', 'there are no functions');
  const selected = await functions.select(tenant, name);
  const { handle, version } = selected;
  try {
    const options = { signal, logger: lines, ...(args !== undefined && { args }) };
    return { version, value: await handle.call(input(version.kind) as never, options) };
  } finally {
    selected.release();
  }
}
