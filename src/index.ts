/** The public API of snapvm, and nothing else. */
export { Engine, type EngineOptions, type Logger } from './engine.js';
export { ERROR_CODES, type ErrorCode, type ErrorDetails, SnapvmError } from './errors.js';
export type { FunctionHandle } from './function-handle.js';
export type { CallOptions, Policy } from './policy.js';
export type { SandboxStats } from './pool/protocol.js';
export type {
  CanonicalRegisters,
  Entry,
  Layer,
  MemoryShape,
  Privilege,
  SnapshotDescriptor,
} from './snapshot/descriptor.js';
export type { GuestEnvironment, InitData, Permissions, SnapshotConfig } from './snapshot/environment.js';
export type { Layout, Region } from './snapshot/layout.js';
export type { LoadInfo } from './snapshot/load-info.js';
export { Snapshot } from './snapshot/snapshot.js';
