// In which order callbacks run: then chains, catch, finally, nested resolution, queueMicrotask.
export default async () => {
  const log = [];
  const l = (x) => () => {
    log.push(x);
  };
  const p = Promise.resolve();
  p.then(l('a1')).then(l('a2')).then(l('a3'));
  p.then(l('b1')).finally(l('b2')).then(l('b3'));
  Promise.reject(0).catch(l('c1')).then(l('c2'));
  Promise.reject(0).then(l('skip')).catch(l('d2'));
  queueMicrotask(l('q1'));
  p.then(() => p).then(l('e-native'));
  p.then(() => ({ then: (f) => f() })).then(l('f-thenable'));
  p.then(() => {
    queueMicrotask(l('q-inner'));
    p.then(l('inner'));
  });
  new Promise((r) => {
    log.push('executor');
    r();
    log.push('after resolve');
  }).then(l('g'));
  Promise.all([p, p]).then(l('all'));
  Promise.race([p]).then(l('race'));
  Promise.allSettled([p]).then(l('settled'));
  log.push('sync');
  for (let i = 0; i < 12; i++) await null;
  return log;
};
