// Whoever asked while an asynchronous generator was busy gets an answer once it is at its end.
export default async () => {
  const log = [];
  const say =
    (name) =>
    ({ value, done }) =>
      log.push(`${name} ${value} ${done}`);
  async function* slow() {
    await null;
    yield 1;
    await null;
  }
  const many = slow();
  await Promise.all([0, 1, 2, 3, 4].map((n) => many.next().then(say(`next ${n}`))));
  const mixed = slow();
  await Promise.all([
    mixed.return(Promise.resolve('r')).then(say('return')),
    mixed.next().then(say('next')),
    mixed.throw('t').catch((thrown) => log.push(`thrown ${thrown}`)),
    mixed.return('again').then(say('again')),
    mixed.next().then(say('last')),
  ]);
  const rejected = slow();
  await Promise.all([
    rejected.return(Promise.reject('no')).catch((thrown) => log.push(`rejected ${thrown}`)),
    rejected.next().then(say('after')),
  ]);
  return log;
};
