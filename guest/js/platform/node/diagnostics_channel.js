const channels = new Map();

class Channel {
  #subscribers = [];

  constructor(name) {
    this.name = name;
  }

  get hasSubscribers() {
    return this.#subscribers.length > 0;
  }

  subscribe(subscriber) {
    this.#subscribers = [...this.#subscribers, subscriber];
  }

  unsubscribe(subscriber) {
    const kept = this.#subscribers.filter((one) => one !== subscriber);
    const found = kept.length < this.#subscribers.length;
    this.#subscribers = kept;
    return found;
  }

  publish(message) {
    for (const subscriber of this.#subscribers) subscriber(message, this.name);
  }

  bindStore() {}

  unbindStore() {}

  runStores(message, run, self, ...values) {
    this.publish(message);
    return Reflect.apply(run, self, values);
  }
}

function channel(name) {
  if (!channels.has(name)) channels.set(name, new Channel(name));
  return channels.get(name);
}

const EVENTS = ['start', 'end', 'asyncStart', 'asyncEnd', 'error'];

/** Its channels are there; calls are made without telling them. */
function tracingChannel(name) {
  const made = Object.fromEntries(EVENTS.map((event) => [event, channel(`tracing:${name}:${event}`)]));
  const run = (call, _context, self, ...values) => Reflect.apply(call, self, values);
  return {
    ...made,
    hasSubscribers: false,
    subscribe() {},
    unsubscribe: () => false,
    traceSync: run,
    tracePromise: run,
    traceCallback: (call, _at, _context, self, ...values) => Reflect.apply(call, self, values),
  };
}

export default {
  Channel,
  channel,
  tracingChannel,
  hasSubscribers: (name) => channels.get(name)?.hasSubscribers ?? false,
  subscribe: (name, subscriber) => channel(name).subscribe(subscriber),
  unsubscribe: (name, subscriber) => channel(name).unsubscribe(subscriber),
};
