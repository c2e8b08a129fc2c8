import pino from 'pino';

export default () => {
  const lines = [];
  const logger = pino(
    { base: { app: 'a' }, timestamp: false, level: 'debug', redact: ['user.password'] },
    { write: (line) => lines.push(line) },
  );
  logger.info({ user: { name: 'Ada', password: 'x' } }, 'hello %s', 'you');
  const child = logger.child({ request: 7 }, { level: 'warn' });
  child.info('not');
  child.warn({ list: [1] }, 'seen');
  logger.debug('low');
  logger.trace('lower');
  return {
    lines,
    enabled: [logger.isLevelEnabled('trace'), child.isLevelEnabled('error')],
    levels: pino.levels.values,
  };
};
