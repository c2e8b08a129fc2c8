import { Writable } from 'node:stream';
import winston from 'winston';

export default async () => {
  const lines = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      lines.push(String(chunk));
      done();
    },
  });
  const { combine, json, label, printf, splat } = winston.format;
  const own = winston.format((info, { drop }) => (info.message === drop ? false : info));
  const logger = winston.createLogger({
    level: 'verbose',
    defaultMeta: { app: 'a' },
    format: combine(own({ drop: 'no' }), label({ label: 'L' }), splat(), json()),
    transports: [new winston.transports.Stream({ stream })],
  });
  logger.info('hello %s', 'you', { n: 1 });
  logger.warn('no');
  logger.debug('low');
  logger.child({ request: 7 }).error('bad');
  const text = winston.createLogger({
    format: printf(({ level, message }) => `${level}: ${message}`),
    transports: [new winston.transports.Stream({ stream })],
  });
  text.warn('last');
  await new Promise((resolve) => setTimeout(resolve, 10));
  return { lines, levels: Object.keys(winston.config.syslog.levels) };
};
