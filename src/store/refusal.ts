/** The reasons why a file of the store is not used. Each reason is an error code. */
import { type ErrorCode, SnapvmError } from '../base/errors.js';

/** The codes a file can be refused with. */
export type RefusalCode = Extract<
  ErrorCode,
  | 'SNAPVM_STORE_FILE'
  | 'SNAPVM_STORE_MAGIC'
  | 'SNAPVM_STORE_VERSION'
  | 'SNAPVM_STORE_CPU'
  | 'SNAPVM_STORE_LENGTH'
  | 'SNAPVM_STORE_CHECKSUM'
  | 'SNAPVM_STORE_IDENTITY'
  | 'SNAPVM_STORE_CONTENT'
>;

export function refusal(code: RefusalCode, path: string, why: string, cause?: unknown): SnapvmError {
  return new SnapvmError(
    code,
    `${path} ${why}; it is not used`,
    { path, ...errnoOf(cause) },
    cause === undefined ? undefined : { cause },
  );
}

/** The system's name for what went wrong, for `details`. */
export function errnoOf(cause: unknown): { readonly errno?: string } {
  const { code } = Object(cause) as NodeJS.ErrnoException;
  return typeof code === 'string' ? { errno: code } : {};
}
