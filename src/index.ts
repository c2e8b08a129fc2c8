/**
 * The public API of snapvm, and nothing else.
 * @packageDocumentation
 */
export {
  type CloseOptions,
  Engine,
  type EngineEvents,
  type EngineStats,
  type FullQueue,
  type Poisoning,
  type ResidentStats,
  type WorkerLoss,
} from './engine.js';
export type { EngineOptions } from './engine-options.js';
export { ERROR_CODES, type ErrorCode, type ErrorDetails, SnapvmError } from './errors.js';
export { type CallArguments, FunctionHandle, type Input } from './function-handle.js';
export type { HostCallContext, HostFunction, HostFunctions, HostResult } from './host-functions.js';
export type { Logger } from './logger.js';
export type { CallManyOptions, CallOptions, Policy } from './policy.js';
export type { CallCost } from './pool/protocol.js';
export type {
  CanonicalRegisters,
  Entry,
  Layer,
  MemoryShape,
  Privilege,
  SnapshotDescriptor,
} from './snapshot/descriptor.js';
export type { GuestEnvironment, InitData, Permissions, SnapshotConfig } from './snapshot/environment.js';
export type { Extent, Layout, Region, RegionName } from './snapshot/layout.js';
export type { LoadedSegmentInfo, LoadInfo, ProgramHeaders } from './snapshot/load-info.js';
export type { TableReadOps, Translation } from './snapshot/page-tables.js';
export { Snapshot } from './snapshot/snapshot.js';
export type { SnapshotBytes } from './snapshot-bytes.js';
export type { CallStats, Distribution } from './stats.js';
export type { StoreProblem, StoreStats } from './store/store.js';
