/**
 * The public API of snapvm, and nothing else.
 * @packageDocumentation
 */
import './base/installed.js'; // first, so that it fails before anything else does

export type { Backend, BackendChoice } from './base/backend-name.js';
export {
  ERROR_CODES,
  type ErrorCode,
  type ErrorDetails,
  GuestError,
  type GuestErrorCode,
  GuestThrownError,
  SnapvmError,
  type Thrown,
} from './base/errors.js';
export type { JsValue } from './base/js-value.js';
export type { CallCosts, CallManyOptions, CallOptions, LinuxCallOptions } from './engine/call-options.js';
export { type CloseOptions, Engine, type EngineStats, type ResidentStats } from './engine/engine.js';
export type { EngineEvents, FullQueue, Poisoning, WorkerLoss } from './engine/events.js';
export {
  type AnyCallOptions,
  type AnyHandle,
  type AnyInput,
  type CallArguments,
  FunctionHandle,
  type Input,
  type JsHandle,
  type LinuxHandle,
  type ManyOptions,
} from './engine/function-handle.js';
export type { HostCallContext, HostFunction, HostFunctions, HostResult } from './engine/host-functions.js';
export type { Logger } from './engine/logger.js';
export type { EngineOptions } from './engine/options.js';
export type { SnapshotBytes } from './engine/snapshot-bytes.js';
export type { CallStats, Distribution } from './engine/stats.js';
export type { JsFunctionSource, JsPolicy } from './guests/js/kind.js';
export type { JsSource } from './guests/js/source.js';
export type { Source } from './guests/kinds.js';
export type { LinuxPolicy } from './guests/linux/policy.js';
export type { LinuxSource } from './guests/linux/source.js';
export type { Policy } from './guests/policy.js';
export type { LinuxResult } from './guests/program-result.js';
export type { GuestEnvironment, InitData, Permissions, SnapshotConfig } from './snapshot/environment.js';
export type { Extent, Layout, Region, RegionName, Window } from './snapshot/layout.js';
export type { LoadedSegmentInfo, LoadInfo, ProgramHeaders } from './snapshot/load-info.js';
export type { TableReadOps, Translation } from './snapshot/page-tables.js';
export { Snapshot } from './snapshot/snapshot.js';
export type { StoreProblem, StoreStats } from './store/store.js';
export type {
  CanonicalRegisters,
  Entry,
  EntryKind,
  Layer,
  LinuxSpec,
  MemoryShape,
  Privilege,
  SnapshotDescriptor,
} from './wire/descriptor.js';
export type { CallCost } from './wire/protocol.js';
