/** A provider of OpenTelemetry's API that keeps spans in memory. */
import { AsyncLocalStorage } from 'node:async_hooks';
import {
  type Attributes,
  type Context,
  type ContextManager,
  context as contexts,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  type SpanStatus,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';

/** A span that is kept, with how often it was ended. */
class MemorySpan implements Span {
  readonly attributes: Attributes = {};
  status: SpanStatus = { code: SpanStatusCode.UNSET };
  ends = 0;
  readonly #context: SpanContext;

  constructor(
    readonly name: string,
    readonly kind: SpanKind,
    readonly parent: SpanContext | undefined,
    id: number,
  ) {
    const traceId = parent?.traceId ?? id.toString(16).padStart(32, '0');
    this.#context = { traceId, spanId: id.toString(16).padStart(16, '0'), traceFlags: 1 };
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  setAttribute(key: string, value: Attributes[string]): this {
    this.attributes[key] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    Object.assign(this.attributes, attributes);
    return this;
  }

  setStatus(status: SpanStatus): this {
    this.status = status;
    return this;
  }

  end(): void {
    this.ends += 1;
  }

  isRecording(): boolean {
    return this.ends === 0;
  }

  addEvent(): this {
    return this;
  }

  addLink(): this {
    return this;
  }

  addLinks(): this {
    return this;
  }

  updateName(): this {
    return this;
  }

  recordException(): void {}
}

class Contexts implements ContextManager {
  readonly #storage = new AsyncLocalStorage<Context>();

  active(): Context {
    return this.#storage.getStore() ?? ROOT_CONTEXT;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    context: Context,
    fn: F,
    self?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    return this.#storage.run(context, () => fn.call(self as ThisParameterType<F>, ...args));
  }

  bind<T>(_context: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

/** Those that were begun since `register`, in order. */
export const spans: MemorySpan[] = [];
let ids = 0;

export function startSpan(name: string, options: SpanOptions = {}, context = contexts.active()): Span {
  const span = new MemorySpan(name, options.kind ?? SpanKind.INTERNAL, trace.getSpanContext(context), ++ids);
  span.setAttributes(options.attributes ?? {});
  spans.push(span);
  return span;
}

export function register(): void {
  spans.length = 0;
  trace.setGlobalTracerProvider({
    getTracer: () => ({
      startSpan,
      startActiveSpan() {
        throw new Error('it is not used');
      },
    }),
  });
  contexts.setGlobalContextManager(new Contexts());
}

export function unregister(): void {
  trace.disable();
  contexts.disable();
}

export function find(name: string): MemorySpan {
  const span = spans.find((one) => one.name === name);
  if (span === undefined) throw new Error(`no span ${name} among ${spans.map((one) => one.name).join(', ')}`);
  return span;
}
