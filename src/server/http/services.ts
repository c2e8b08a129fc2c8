/** What the routes work with: the other parts of the server, and what they share. */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapvmError } from '../../base/errors.js';
import { Engine } from '../../engine/engine.js';
import type { Logger } from '../../engine/logger.js';
import { Access } from '../access/access.js';
import { Quotas } from '../access/quotas.js';
import { openDirectory } from '../files.js';
import { Functions } from '../functions/functions.js';
import { LazyTools } from '../mcp/lazy-tools.js';
import { findPrograms } from '../mcp/options.js';
import { GuestLogs, type ParentLogger } from '../observe/guest-logs.js';
import { Metrics } from '../observe/metrics.js';
import { Tracing, traceHostFunctions } from '../observe/tracing.js';
import { BodyBudget } from './budget.js';
import { AsyncCalls } from './calls/async-calls.js';
import type { PolicyCeilings } from './ceilings.js';
import { Drain } from './drain.js';
import { type CallParts, invoke } from './invoke.js';
import type { CheckedShared } from './options.js';
import { isHidden } from './problems.js';
import { RequestState } from './state.js';
import { Unsent } from './unsent.js';

export interface Services extends CallParts {
  readonly access: Access;
  readonly tracing: Tracing;
  readonly logs: GuestLogs;
  readonly calls: AsyncCalls;
  /** The tools of assistants; `undefined`: there are none. */
  readonly mcp: LazyTools | undefined;
  /** This package's. */
  readonly version: string;
  readonly drain: Drain;
  readonly budget: BodyBudget;
  readonly unsent: Unsent;
  readonly engine: Engine;
  /** How long what is on its way may take when the server ends. */
  readonly drainMs: number;
  /** What a policy may ask for. */
  readonly mostPolicy: Readonly<Required<PolicyCeilings>>;
  /** Logs an error whose message no answer has. */
  tellHidden(error: SnapvmError, requestId: string): void;
  /** The most bytes of a body of the tenant's requests. */
  bodyBytes(tenant: string): number;
  /** How many calls of one batch of the tenant run at a time. */
  atOnce(tenant: string): number;
  /** Ends what was started here. Idempotent. */
  close(): Promise<void>;
}

/** A logger of the server: Fastify's. */
export type ServerLog = Logger & ParentLogger;

/** All bodies together may have so many times the bytes of one; so may all answers. */
const BODIES = 16;
/** Calls of a batch that run at a time, whatever the quota. */
const BATCH_AT_ONCE = 64;

/**
 * Starts all parts of a server.
 * @throws SnapvmError `SNAPVM_SERVER_DIRECTORY`, `SNAPVM_CONFIG_*`, what `Engine.start` throws
 */
export async function openServices(
  options: CheckedShared,
  log: ServerLog,
  version: string,
): Promise<Services> {
  if (options.mcp !== undefined) await findPrograms(options.mcp);
  const access = options.access === undefined ? Access.none() : Access.from(options.access);
  const directory = await openDirectory(options.directory);
  const isOwn = !(options.engine instanceof Engine);
  const engine = await engineFor(options, directory, log);
  const undo: (() => Promise<void>)[] = isOwn ? [() => engine.close()] : [];
  try {
    const functions = await Functions.open({
      engine,
      directory,
      log,
      packages: options.packages,
      ...(isOwn && { store: storeIn(directory) }),
      ...(options.maxDefined !== undefined && { maxDefined: options.maxDefined }),
    });
    undo.push(() => functions.close());
    return await assemble({ options, log, version, access, directory, isOwn, engine, functions });
  } catch (error) {
    for (const close of undo.reverse()) await close();
    throw error;
  }
}

async function engineFor(options: CheckedShared, directory: string, log: Logger): Promise<Engine> {
  if (options.engine instanceof Engine) return options.engine;
  const store = storeIn(directory);
  await mkdir(store, { recursive: true, mode: 0o700 });
  return await Engine.start({
    ...options.engine,
    store,
    logger: log,
    hostFunctions: traceHostFunctions(options.hostFunctions),
  });
}

function storeIn(directory: string): string {
  return join(directory, 'store');
}

interface Parts {
  readonly options: CheckedShared;
  readonly log: ServerLog;
  readonly version: string;
  readonly access: Access;
  readonly directory: string;
  readonly isOwn: boolean;
  readonly engine: Engine;
  readonly functions: Functions;
}

async function assemble(parts: Parts): Promise<Services> {
  const { options, log, version, access, directory, isOwn, engine, functions } = parts;
  const quotas = new Quotas((tenant) => access.quotaOf(tenant));
  const metrics = new Metrics();
  const logs = new GuestLogs(log);
  const drain = new Drain();
  const tracing = new Tracing(version);
  const callParts: CallParts = {
    functions,
    quotas,
    metrics,
    // A logger of a call needs an engine that has one.
    callLogger: (call) => (isOwn ? logs.logger(call) : undefined),
  };
  const tellHidden = (err: SnapvmError, requestId: string): void => {
    if (isHidden(err)) log.error({ err, requestId }, 'a call failed');
  };
  const calls = await AsyncCalls.open({
    folder: join(directory, 'calls'),
    resultsMs: options.resultsMs,
    isShared: access.tenants.length > 1,
    // One worker is left to those that wait for their answers, and to deployments.
    atOnce: Math.max(1, engine.workers - 1),
    drain,
    tracing,
    run: (call) => invoke(callParts, call),
    waiting: (waiting) => metrics.asyncQueue(waiting),
    tellHidden,
    failed: (err, { id, function: name, tenant }) =>
      log.error(
        { err, call: id, function: name, tenant },
        'the result of an asynchronous call cannot be kept',
      ),
  });
  for (const path of calls.problems)
    log.warn({ path }, 'a file is no asynchronous call, and was moved aside');
  const mcp = options.mcp && new LazyTools(options.mcp, functions);
  const held = options.bodyBytes * BODIES;
  const unsent = new Unsent(() => answersOf(drain), held, log);
  return {
    ...callParts,
    access,
    mcp,
    version,
    tracing,
    logs,
    calls,
    drain,
    engine,
    budget: new BodyBudget(held, access.tenants.length),
    unsent,
    drainMs: options.drainMs,
    mostPolicy: options.mostPolicy,
    tellHidden,
    bodyBytes: (tenant) => Math.min(options.bodyBytes, quotas.of(tenant).bodyBytes ?? options.bodyBytes),
    atOnce: (tenant) => Math.min(BATCH_AT_ONCE, quotas.of(tenant).concurrent ?? BATCH_AT_ONCE),
    close: once(async () => {
      unsent.close();
      await calls.close();
      await mcp?.close();
      logs.close();
      await functions.close();
      if (isOwn) await engine.close();
    }),
  };
}

function* answersOf(drain: Drain): Iterable<RequestState> {
  for (const one of drain.underway) if (one instanceof RequestState) yield one;
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}
