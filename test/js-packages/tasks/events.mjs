import EventEmitter from 'events/events.js';

export default async () => {
  const log = [];
  const emitter = new EventEmitter();
  emitter.on('newListener', (name) => log.push(`new ${name}`));
  emitter.prependListener('a', () => log.push('first'));
  emitter.on('a', (...args) => log.push(args));
  const once = EventEmitter.once(emitter, 'b');
  emitter.emit('a', 1, 'x');
  emitter.emit('b', 'value');
  let thrown;
  try {
    emitter.emit('error', new RangeError('r'));
  } catch (error) {
    thrown = error.name;
  }
  emitter.removeAllListeners('a');
  return { log, once: await once, thrown, names: emitter.eventNames(), count: emitter.listenerCount('a') };
};
