/** Tokens, and what is kept of them. */
import { hash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;
/** Tells people, and what looks for secrets in files, what they have found. */
const PREFIX = 'svm_';

/** A token that was made now: its user keeps `token`, and the server's configuration has `sha256`. */
export interface NewToken {
  /** `svm_` and 256 random bits as base64url. */
  readonly token: string;
  /** Its SHA-256 digest: 64 hexadecimal digits. */
  readonly sha256: string;
}

/** Makes a token. */
export function newToken(): NewToken {
  const token = PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
  return { token, sha256: digestOf(token).toString('hex') };
}

export function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}
