/**
 * Functions of a server for tests: in a directory of their own, with an engine that is closed when the test
 * ends.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Engine } from '../../src/index.js';
import { Functions, type FunctionsOptions } from '../../src/server/functions/functions.js';
import type { Deployment, GivenSource, Selected, Version } from '../../src/server/functions/model.js';
import { startEngine } from './engine.js';
import { guestPath } from './sandbox.js';
import { temporaryFolder } from './store.js';

export const TENANT = 'acme';
/** Many engines start at once here, on few processors. */
const PATIENT = { timeoutMs: 60_000, initTimeoutMs: 60_000 };

export interface Server {
  readonly engine: Engine;
  readonly directory: string;
  readonly functions: Functions;
}

/** @param given Without an engine a new one is started, without a directory a new one is made. */
export async function openFunctions(
  t: ExecutionContext,
  given: Partial<FunctionsOptions> = {},
): Promise<Server> {
  const directory = given.directory ?? join(temporaryFolder(t), 'server');
  const engine = given.engine ?? (await startEngine(t, { workers: 1 }));
  const functions = await Functions.open({ ...given, engine, directory });
  t.teardown(() => functions.close());
  return { engine, directory, functions };
}

/** Closes functions, and opens them again as another process would. */
export async function reopen({ engine, directory, functions }: Server, t: ExecutionContext): Promise<Server> {
  await functions.close();
  return await openFunctions(t, { engine, directory });
}

export function js(text: string): GivenSource {
  return { kind: 'js', body: new TextEncoder().encode(text) };
}

/** A module whose default export gives that value. */
export function giving(value: unknown): GivenSource {
  return js(`export default () => (${JSON.stringify(value)});`);
}

export function echo(): GivenSource {
  return { kind: 'native', body: readFileSync(guestPath('examples/echo')) };
}

export function deployment(name: string, source: GivenSource, more: Partial<Deployment> = {}): Deployment {
  return { tenant: TENANT, name, source, policy: PATIENT, activate: true, ...more };
}

/** Deploys modules one after the other, each of which gives its own place, from 1. */
export async function deployMany(functions: Functions, name: string, count: number): Promise<Version[]> {
  const versions: Version[] = [];
  for (let at = 1; at <= count; at++)
    versions.push((await functions.deploy(deployment(name, giving(at)))).version);
  return versions;
}

/** Calls what `select` gives. */
export async function callOf(selected: Promise<Selected>, input?: unknown): Promise<unknown> {
  const use = await selected;
  try {
    return await use.handle.call(input as string);
  } finally {
    use.release();
  }
}

/** Calls a function of the tenant of these tests. */
export function call(
  functions: Functions,
  name: string,
  by: { readonly alias?: string; readonly version?: string } = {},
): Promise<unknown> {
  return callOf(functions.select(TENANT, name, by));
}
