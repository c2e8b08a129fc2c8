import Promise from 'bluebird';

export default async () => {
  const log = [];
  const mapped = await Promise.map([1, 2, 3], (n) => Promise.delay(5 - n).return(n * 2), { concurrency: 2 });
  const props = await Promise.props({ a: Promise.resolve(1), b: 2 });
  const sum = await Promise.reduce([1, 2, 3], (a, b) => a + b, 0);
  const spread = await Promise.resolve([1, 2]).spread((a, b) => a + b);
  const caught = await Promise.reject(new RangeError('x'))
    .catch(TypeError, () => 'type')
    .catch(RangeError, () => 'range')
    .finally(() => log.push('finally'));
  const timed = await Promise.delay(1000)
    .timeout(5, 'late')
    .catch(Promise.TimeoutError, ({ message }) => message);
  const called = await Promise.promisify((a, done) => done(null, a + 1))(1);
  return {
    mapped,
    props,
    sum,
    spread,
    caught,
    timed,
    called,
    log,
    any: await Promise.any([Promise.reject(new Error()), 5]),
  };
};
