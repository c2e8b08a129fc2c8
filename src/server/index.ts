/**
 * The HTTP server: functions that are deployed and called over a network, each call in a micro-VM. `Engine`,
 * `EngineOptions`, `HostFunctions`, `ErrorCode` and `Thrown` are those of `snapvm`.
 * @packageDocumentation
 */
import '../base/installed.js'; // first, so that it fails before anything else does
import type { FastifyInstance } from 'fastify';
import type { SnapvmServer } from './http/app.js';
import type { ServerOptions, SnapvmPluginOptions } from './http/options.js';
import { withPackages } from './packages.js';

export type { AccessConfig, TenantQuota, TokenConfig } from './access/config.js';
export type { Role } from './access/roles.js';
export type { SnapvmServer } from './http/app.js';
export type { PolicyCeilings } from './http/ceilings.js';
export type { ServerOptions, SharedOptions, SnapvmPluginOptions } from './http/options.js';
export type { Problem } from './http/problems.js';
export type { McpOptions } from './mcp/options.js';

/**
 * Starts a server: an engine, its functions from the directory, and a socket.
 * @throws SnapvmError `SNAPVM_SERVER_PACKAGES`, `SNAPVM_SERVER_DIRECTORY`, `SNAPVM_CONFIG_*`, and what `Engine.start`
 * throws
 */
export async function createServer(options: ServerOptions = {}): Promise<SnapvmServer> {
  const { listen } = await load();
  return await listen(options);
}

/**
 * A Fastify plugin with all routes of the server, for an app of your own: `app.register(snapvmPlugin, { prefix:
 * '/functions', access: false })`. It starts an engine unless it is given one, and ends with the app. Timeouts and
 * limits of connections are the app's.
 * @throws SnapvmError as `createServer`
 */
export async function snapvmPlugin(app: FastifyInstance, options: SnapvmPluginOptions): Promise<void> {
  const { plugIn } = await load();
  await plugIn(app, options);
}

async function load(): Promise<typeof import('./http/app.js')> {
  return await withPackages(() => import('./http/app.js'));
}
