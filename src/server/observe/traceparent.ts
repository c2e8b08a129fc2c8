/** W3C Trace Context: in which trace a request is, as its headers say. */
import { createTraceState, isSpanContextValid, type SpanContext } from '@opentelemetry/api';

/** The version, the trace's id, the caller's span, and flags. What a later version adds comes after a `-`. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** The specification asks for at least 512 characters. A longer one is left out: it only says more. */
const MOST_STATE_LENGTH = 4096;
/** `traceparent` of version 00; later ones are bounded too. */
const MOST_PARENT_LENGTH = 256;
const FIRST_VERSION = '00';
const NO_VERSION = 'ff';

type Header = string | readonly string[] | undefined;

/** The caller's span, or `undefined` when the header is absent or is not what the specification says. */
export function parseTraceparent(traceparent: Header, tracestate?: Header): SpanContext | undefined {
  if (typeof traceparent !== 'string' || traceparent.length > MOST_PARENT_LENGTH) return undefined;
  const match = TRACEPARENT.exec(traceparent);
  if (match === null) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = match;
  if (version === NO_VERSION || (version === FIRST_VERSION && more !== undefined)) return undefined;
  const parsed = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  if (!isSpanContextValid(parsed)) return undefined; // ids of zeros
  const state =
    typeof tracestate === 'string' || tracestate === undefined ? tracestate : tracestate.join(',');
  if (state === undefined || state === '' || state.length > MOST_STATE_LENGTH) return parsed;
  return { ...parsed, traceState: createTraceState(state) };
}
