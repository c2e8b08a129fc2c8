/** What a failed request to a server means to the one who typed the command. */
import type { SnapvmRequestError } from '../client/errors.js';

/** The failure as `--json` prints it: what the server said, and status and the like as details. */
export function requestReport({ code, message, status, problem, retryAfterSeconds }: SnapvmRequestError) {
  const { details, thrown, instance: requestId } = problem ?? {};
  return {
    code,
    message,
    details: {
      ...Object(details),
      ...(status !== undefined && { status }),
      ...(requestId !== undefined && { requestId }),
      ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    },
    ...(thrown !== undefined && { thrown }),
  };
}

/** What to do about it, if that is known here. */
export function requestAdvice({ code, retryAfterSeconds }: SnapvmRequestError): string {
  if (code === 'SNAPVM_CLIENT_UNREACHABLE')
    return '; start a server with "snapvm serve", or say with --url or SNAPVM_URL where it is';
  if (code === 'SNAPVM_SERVER_UNAUTHORIZED') return '; give the token in SNAPVM_TOKEN or with --token-file';
  return retryAfterSeconds === undefined ? '' : `; try again in ${retryAfterSeconds} s`;
}

/** The frames of what a JavaScript function threw. */
export function thrownFrames({ problem }: SnapvmRequestError): readonly string[] {
  const stack = problem?.thrown?.['stack'];
  return typeof stack === 'string' ? stack.split('\n').slice(1) : [];
}

/** Whether the command line is to blame: an option that the client or the server refused. */
export function isUsage({ code }: SnapvmRequestError): boolean {
  return (
    code === 'SNAPVM_CLIENT_OPTION' || code === 'SNAPVM_SERVER_NAME' || code.startsWith('SNAPVM_CONFIG_')
  );
}
