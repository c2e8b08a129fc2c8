/**
 * A client of `snapvm serve`, without dependencies: `import { SnapvmClient } from 'snapvm/client'`.
 * @packageDocumentation
 */
export { SnapvmClient } from './client.js';
export { type ClientErrorCode, type FailureFacts, type Problem, SnapvmRequestError } from './errors.js';
export { packTar, type TarFile } from './tar.js';
export type { ClientOptions, Fetch } from './transport.js';
export type {
  AliasTarget,
  AsyncCall,
  BatchAnswer,
  BatchStreamOptions,
  CallCounters,
  CallInfo,
  CallOptions,
  CallState,
  CallTarget,
  Deployed,
  DeployOptions,
  FunctionInfo,
  FunctionKind,
  FunctionPolicy,
  FunctionSource,
  FunctionSummary,
  FunctionVersion,
  Health,
  ListOptions,
  LogLine,
  LogOptions,
  MemoryMap,
  MemoryOptions,
  MemoryPages,
  MemoryRegion,
  ProgramEvent,
  ProgramOutput,
  ProgramResult,
  QueuedCall,
  RequestOptions,
  VersionName,
  WaitOptions,
} from './types.js';
