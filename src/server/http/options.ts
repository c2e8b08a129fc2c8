/** What a server is started with, and its checks. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  checkBoolean,
  checkDirectory,
  checkNames,
  checkObject,
  checkWhole,
  invalidOption,
} from '../../base/checks.js';
import { Engine } from '../../engine/engine.js';
import type { HostFunctions } from '../../engine/host-functions.js';
import type { EngineOptions } from '../../engine/options.js';
import type { AccessConfig } from '../access/config.js';
import { type CheckedMcp, checkMcp, type McpOptions } from '../mcp/options.js';
import { checkCeilings, type PolicyCeilings } from './ceilings.js';

/** What the routes are made with, whichever app they are in. */
export interface SharedOptions {
  /**
   * Where functions, ready snapshots and asynchronous calls are kept, as a path or a `file:` URL. It is made if it is
   * missing; one server at a time has it, and nobody else may be able to write to it.
   * @default `$XDG_STATE_HOME/snapvm`, or `~/.local/state/snapvm`
   */
  readonly directory?: string | URL;
  /**
   * An engine of yours, which is not closed with the server, or what to start one with. The store and the logger of an
   * engine that the server starts are the server's own.
   * @default an engine with default options
   */
  readonly engine?: Engine | Omit<EngineOptions, 'store' | 'logger' | 'hostFunctions'>;
  /**
   * Functions of the host that deployed functions may call, if their policy names them. `context.caller` has
   * `{ tenant, token, requestId }`. An engine of yours has its own. @default none
   */
  readonly hostFunctions?: HostFunctions;
  /**
   * Whether modules that are deployed may import packages, which are looked for from the working directory of the
   * server: whoever deploys can read them then. Otherwise they are bundled before they are deployed. @default false
   */
  readonly packages?: boolean;
  /**
   * The most that the policy of a deployment may ask for. What was deployed before keeps what it has.
   * @default 5 minutes a call, 1 minute of Initialise, 1 GiB of memory, 64 MiB of input and of output
   */
  readonly mostPolicy?: PolicyCeilings;
  /** The most bytes of a request's body, 1 to 1 GiB; all bodies together have 16 times as many. @default 64 MiB */
  readonly bodyBytes?: number;
  /** Seconds for which the result of an asynchronous call is kept after its end, 1 to a year. @default 3600 */
  readonly resultsSeconds?: number;
  /** Milliseconds that requests on their way have for ending when the server closes, up to an hour. @default 10000 */
  readonly drainMs?: number;
  /** How many versions are defined at a time, unless more are in use. @default 1000 */
  readonly maxDefined?: number;
  /**
   * The tools that assistants find at `/mcp`; `false`: there are none. They are for whoever may call functions.
   * @default `run_javascript`, and a tool for each function
   */
  readonly mcp?: McpOptions | false;
}

/** What `createServer` is given. */
export interface ServerOptions extends SharedOptions {
  /** The address to listen on. @default '127.0.0.1' */
  readonly host?: string;
  /** The port to listen on; 0 for any that is free. @default 8080 */
  readonly port?: number;
  /**
   * Tokens, tenants and quotas, or the path of a JSON file with them. Without, everybody who reaches the server may do
   * everything, which is allowed on loopback addresses only. @default none
   */
  readonly access?: AccessConfig | string | URL;
  /** Options of pino, or `false` for no log. @default lines of level info on standard output */
  readonly logger?: false | Readonly<Record<string, unknown>>;
}

/** What `snapvmPlugin` is given. */
export interface SnapvmPluginOptions extends SharedOptions {
  /**
   * Tokens, tenants and quotas, or the path of a JSON file with them. `false`: your app decides who reaches these
   * routes, and who does may do everything.
   */
  readonly access: AccessConfig | string | URL | false;
  /** Goes before all paths: Fastify's own option. @default '' */
  readonly prefix?: string;
}

/** Shared options, complete. */
export interface CheckedShared {
  readonly directory: string;
  readonly engine: Engine | EngineOptions;
  readonly hostFunctions: HostFunctions;
  readonly packages: boolean;
  readonly mostPolicy: Readonly<Required<PolicyCeilings>>;
  readonly bodyBytes: number;
  readonly resultsMs: number;
  readonly drainMs: number;
  readonly maxDefined: number | undefined;
  /** `undefined`: there are no tools. */
  readonly mcp: CheckedMcp | undefined;
  /** `undefined`: everybody may do everything. */
  readonly access: unknown;
}

/** The options of a server, complete. */
export interface CheckedServer extends CheckedShared {
  readonly host: string;
  readonly port: number;
  readonly logger: false | Readonly<Record<string, unknown>>;
}

const SHARED = [
  'directory',
  'engine',
  'hostFunctions',
  'packages',
  'mostPolicy',
  'bodyBytes',
  'resultsSeconds',
  'drainMs',
  'maxDefined',
  'mcp',
  'access',
] as const;
const MIB = 2 ** 20;
const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|\[::1\]|localhost)$/;
const FORBIDDEN_OF_ENGINE = ['store', 'logger', 'hostFunctions'] as const;

/** @throws SnapvmError `SNAPVM_CONFIG_*` */
export function checkServerOptions(options: ServerOptions): CheckedServer {
  const given = checkObject('options', options);
  checkNames('options', given, [...SHARED, 'host', 'port', 'logger']);
  const host = given['host'] ?? '127.0.0.1';
  if (typeof host !== 'string' || host === '')
    throw invalidOption('host', host, 'an address or a name to listen on');
  if (given['access'] === undefined && !isLoopback(host))
    throw invalidOption(
      'access',
      undefined,
      `given to listen on ${JSON.stringify(host)}: without tokens, whoever reaches the server may do everything, ` +
        'so it listens on 127.0.0.1, ::1 or localhost only',
    );
  return {
    ...checkShared(given),
    host,
    port: checkWhole('port', given['port'], 0, 65_535) ?? 8080,
    logger: checkLog(given['logger']),
  };
}

/** @throws SnapvmError `SNAPVM_CONFIG_*` */
export function checkPluginOptions(options: SnapvmPluginOptions): CheckedShared {
  const given = checkObject('options', options);
  checkNames('options', given, [...SHARED, 'prefix']);
  const { access } = given;
  if (access === undefined)
    throw invalidOption(
      'access',
      access,
      'tokens and tenants, or false: your app decides who reaches the routes',
    );
  return { ...checkShared(given), access: access === false ? undefined : access };
}

/** Whether only this machine reaches an address or a name. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host.toLowerCase());
}

function checkShared(given: Readonly<Record<string, unknown>>): CheckedShared {
  const engine = checkEngine(given['engine'], given['hostFunctions']);
  return {
    directory: checkDirectory('directory', given['directory']) ?? defaultDirectory(),
    ...engine,
    packages: checkBoolean('packages', given['packages']) ?? false,
    mostPolicy: checkCeilings(given['mostPolicy']),
    bodyBytes: checkWhole('bodyBytes', given['bodyBytes'], 1, 1024 * MIB) ?? 64 * MIB,
    resultsMs: (checkWhole('resultsSeconds', given['resultsSeconds'], 1, 31_536_000) ?? 3600) * 1000,
    drainMs: checkWhole('drainMs', given['drainMs'], 0, 3_600_000) ?? 10_000,
    maxDefined: checkWhole('maxDefined', given['maxDefined'], 1, 1_000_000),
    mcp: given['mcp'] === false ? undefined : checkMcp(given['mcp'] ?? {}, engine.engine.backend),
    access: given['access'],
  };
}

function checkEngine(
  engine: unknown,
  hostFunctions: unknown,
): Pick<CheckedShared, 'engine' | 'hostFunctions'> {
  if (engine instanceof Engine) {
    if (hostFunctions === undefined) return { engine, hostFunctions: {} };
    throw invalidOption('hostFunctions', hostFunctions, 'left out: your engine has its own');
  }
  const options = checkObject('engine', engine ?? {});
  for (const name of FORBIDDEN_OF_ENGINE) {
    if (options[name] === undefined) continue;
    const instead = name === 'hostFunctions' ? 'give it beside engine' : "the server's own is used";
    throw invalidOption(`engine.${name}`, options[name], `left out: ${instead}`);
  }
  return {
    engine: options,
    hostFunctions: checkObject('hostFunctions', hostFunctions ?? {}) as HostFunctions,
  };
}

function checkLog(logger: unknown): CheckedServer['logger'] {
  if (logger === false) return false;
  if (logger === undefined) return {};
  return checkObject('logger', logger);
}

function defaultDirectory(): string {
  const state = process.env['XDG_STATE_HOME'];
  // The specification of these variables says that a relative path is to be ignored.
  const folder = state?.startsWith('/') ? state : join(homedir(), '.local', 'state');
  return join(folder, 'snapvm');
}
