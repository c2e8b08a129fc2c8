import EventEmitter, { once, on, errorMonitor, getEventListeners, setMaxListeners } from 'node:events';

class Own extends EventEmitter {}

export default async () => {
  const seen = [];
  const emitter = new Own();
  emitter.on('a', (...values) => seen.push(['on', ...values]));
  emitter.prependListener('a', () => seen.push('first'));
  emitter.once('a', () => seen.push('once'));
  emitter.on(errorMonitor, (error) => seen.push(`monitor ${error.message}`));
  const results = [
    emitter.emit('a', 1, 2),
    emitter.emit('a'),
    emitter.emit('b'),
    emitter.eventNames().length,
  ];
  let thrown;
  try {
    emitter.emit('error', new Error('no listener'));
  } catch (error) {
    thrown = error.message;
  }
  setTimeout(() => emitter.emit('later', 5, 6), 1);
  const [five] = await once(emitter, 'later');
  const failed = once(emitter, 'never').catch((error) => error.message);
  emitter.emit('error', new Error('failed'));
  setTimeout(() => {
    emitter.emit('step', 1);
    emitter.emit('step', 2);
  }, 1);
  const steps = [];
  for await (const [step] of on(emitter, 'step')) {
    steps.push(step);
    if (step === 2) break;
  }
  setMaxListeners(3, emitter);
  function Old() {
    EventEmitter.call(this);
  }
  Old.prototype = Object.create(EventEmitter.prototype);
  const old = new Old();
  old.on('x', () => seen.push('old'));
  old.emit('x');
  return [seen, results, thrown, five, await failed, steps, emitter.getMaxListeners()].concat([
    getEventListeners(emitter, 'a').length,
    emitter.listenerCount('step'),
    EventEmitter.EventEmitter === EventEmitter,
    EventEmitter.defaultMaxListeners,
    emitter.rawListeners('a').length,
  ]);
};
