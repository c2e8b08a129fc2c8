/**
 * Spans of requests, calls and host functions, through OpenTelemetry's API. Without an SDK that the program
 * registers, nothing is recorded and nothing sent.
 */
import {
  type Context,
  context as contexts,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  type SpanStatus,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { onAbort } from '../../base/abort.js';
import type { HostFunction, HostFunctions, HostResult } from '../../engine/host-functions.js';
import { parseTraceparent } from './traceparent.js';

const TRACER = 'snapvm';
const FAILED: SpanStatus = { code: SpanStatusCode.ERROR };
const LEFT: SpanStatus = { ...FAILED, message: 'the call ended first' };

/** A request, when it begins. */
export interface TracedRequest {
  readonly method: string;
  /** The pattern of its route, never its path; absent when there is no such route. */
  readonly route: string | undefined;
  readonly requestId: string;
  readonly traceparent?: string | readonly string[] | undefined;
  readonly tracestate?: string | readonly string[] | undefined;
}

/** What a call runs. */
export interface TracedCall {
  readonly tenant: string;
  readonly function: string;
  readonly version: string;
  readonly fn?: string | undefined;
}

/** How a call ended. */
export interface CallEnd {
  /** Of its error; absent when it answered. */
  readonly code?: string | undefined;
  readonly queueUs?: number | undefined;
  readonly runUs?: number | undefined;
  readonly dirtyPages?: number | undefined;
}

/** What the server gives the engine as `CallOptions.caller`, and host functions find as `context.caller`. */
export interface TracedCaller {
  readonly trace?: CallTrace | undefined;
}

/** The span of a request. */
export interface RequestTrace {
  /** Begins the span of a call that the request makes; of a batch there are many. */
  call(call: TracedCall): CallTrace;
  /** The request was answered with this status; `undefined` when its client hung up before. */
  end(status: number | undefined): void;
}

/** The span of a call. */
export interface CallTrace {
  /** The call has ended. */
  end(end: CallEnd): void;
}

/** Of calls of a program without an SDK: spans of which nothing is recorded take some microseconds too. */
const NO_CALL: CallTrace = { end() {} };
const NO_REQUEST: RequestTrace = { call: () => NO_CALL, end() {} };

/** Begins spans. */
export class Tracing {
  readonly #tracer: Tracer;
  #hasSdk = false;

  /** The version is snapvm's. */
  constructor(version: string) {
    this.#tracer = trace.getTracer(TRACER, version);
  }

  /**
   * Begins the span of a request: in the trace that is active, if an instrumentation of Node's HTTP server has begun
   * one, else in that of its headers, else in a new one.
   */
  request({ method, route, requestId, traceparent, tracestate }: TracedRequest): RequestTrace {
    if (!this.#isRecorded()) return NO_REQUEST;
    const active = contexts.active();
    const isInstrumented = trace.getSpan(active) !== undefined;
    const remote = isInstrumented ? undefined : parseTraceparent(traceparent, tracestate);
    const parent = isInstrumented || remote === undefined ? active : trace.setSpanContext(active, remote);
    const attributes = {
      'http.request.method': method,
      'snapvm.request_id': requestId,
      ...(route !== undefined && { 'http.route': route }),
    };
    const kind = isInstrumented ? SpanKind.INTERNAL : SpanKind.SERVER;
    const name = route === undefined ? method : `${method} ${route}`;
    const span = this.#tracer.startSpan(name, { kind, attributes }, parent);
    return new RequestSpan(this.#tracer, span, trace.setSpan(parent, span));
  }

  /** Begins the span of a call that no request waits for: an asynchronous one. It begins a trace. */
  call(call: TracedCall): CallTrace {
    return this.#isRecorded() ? beginCall(this.#tracer, call, ROOT_CONTEXT) : NO_CALL;
  }

  /** Whether an SDK is there, which may come later than this. */
  #isRecorded(): boolean {
    this.#hasSdk ||= hasSdk();
    return this.#hasSdk;
  }
}

class RequestSpan implements RequestTrace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #context: Context;

  constructor(tracer: Tracer, span: Span, context: Context) {
    this.#tracer = tracer;
    this.#span = span;
    this.#context = context;
  }

  call(call: TracedCall): CallTrace {
    return beginCall(this.#tracer, call, this.#context);
  }

  end(status: number | undefined): void {
    if (status !== undefined) this.#span.setAttribute('http.response.status_code', status);
    if (status === undefined || status >= 500) this.#span.setStatus(FAILED);
    this.#span.end();
  }
}

class CallSpan implements CallTrace {
  readonly #tracer: Tracer;
  readonly #span: Span;
  readonly #context: Context;

  constructor(tracer: Tracer, span: Span, context: Context) {
    this.#tracer = tracer;
    this.#span = span;
    this.#context = context;
  }

  /** Runs a host function in a span of its own, which is active meanwhile. */
  host(name: string, run: () => HostResult | PromiseLike<HostResult>, signal: AbortSignal) {
    if (!this.#span.isRecording()) return contexts.with(this.#context, run);
    const span = this.#tracer.startSpan(
      `snapvm.host ${name}`,
      { attributes: { 'snapvm.host_function': name } },
      this.#context,
    );
    return inSpan(span, () => contexts.with(trace.setSpan(this.#context, span), run), signal);
  }

  end({ code, queueUs, runUs, dirtyPages }: CallEnd): void {
    const span = this.#span;
    if (queueUs !== undefined) span.setAttribute('snapvm.queue_us', queueUs);
    if (runUs !== undefined) span.setAttribute('snapvm.run_us', runUs);
    if (dirtyPages !== undefined) span.setAttribute('snapvm.dirty_pages', dirtyPages);
    // The message would be the guest's, with whatever it puts there.
    if (code !== undefined) span.setAttribute('snapvm.code', code).setStatus({ ...FAILED, message: code });
    span.end();
  }
}

/**
 * The same host functions, each call of which is a span below that of the guest's call. For an engine whose calls have a
 * `TracedCaller`; other calls run as without it.
 */
export function traceHostFunctions(functions: HostFunctions): HostFunctions {
  return Object.fromEntries(
    Object.entries(functions).map(([name, run]) => [
      name,
      typeof run === 'function' ? traced(name, run) : run,
    ]),
  );
}

function traced(name: string, run: HostFunction): HostFunction {
  return (input, context) => {
    const call = traceOf(context.caller);
    return call === undefined
      ? run(input, context)
      : call.host(name, () => run(input, context), context.signal);
  };
}

function traceOf(caller: unknown): CallSpan | undefined {
  const given = typeof caller === 'object' && caller !== null ? (caller as TracedCaller).trace : undefined;
  return given instanceof CallSpan ? given : undefined;
}

function beginCall(tracer: Tracer, call: TracedCall, parent: Context): CallTrace {
  const attributes = {
    'snapvm.tenant': call.tenant,
    'snapvm.function': call.function,
    'snapvm.version': call.version,
    ...(call.fn !== undefined && { 'snapvm.fn': call.fn }),
  };
  const span = tracer.startSpan('snapvm.call', { attributes }, parent);
  return new CallSpan(tracer, span, trace.setSpan(parent, span));
}

/** Ends the span with what runs in it, or with its call: nobody waits for a host function after that. */
function inSpan<T>(span: Span, run: () => T | PromiseLike<T>, signal: AbortSignal): T | PromiseLike<T> {
  let isOpen = true;
  const end = (failure?: SpanStatus): void => {
    if (!isOpen) return;
    isOpen = false;
    if (failure !== undefined) span.setStatus(failure);
    span.end();
    forget();
  };
  const forget = onAbort(signal, () => end(LEFT));
  let result: T | PromiseLike<T>;
  try {
    result = run();
  } catch (error) {
    end(FAILED);
    throw error;
  }
  if (!isThenable(result)) {
    end();
    return result;
  }
  return result.then(
    (value) => {
      end();
      return value;
    },
    (error: unknown) => {
      end(FAILED);
      throw error;
    },
  );
}

/** A provider that a program has set, or the proxy of one. */
function hasSdk(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegateTracer(TRACER) !== undefined;
}

function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return (
    (typeof value === 'object' || typeof value === 'function') &&
    value !== null &&
    'then' in value &&
    typeof value.then === 'function'
  );
}
