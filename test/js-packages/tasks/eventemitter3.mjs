import { EventEmitter } from 'eventemitter3';

export default () => {
  const log = [];
  const emitter = new EventEmitter();
  const on = (...args) => log.push(['on', ...args]);
  emitter.on('a', on).once('a', (x) => log.push(['once', x]));
  emitter.on(
    'b',
    function () {
      log.push(['this', this.name]);
    },
    { name: 'me' },
  );
  const emitted = [emitter.emit('a', 1, 2), emitter.emit('a', 3), emitter.emit('b'), emitter.emit('none')];
  emitter.off('a', on);
  return { log, emitted, left: emitter.listenerCount('a'), names: emitter.eventNames() };
};
