// A discrete event simulation of a bank with two clerks and a seeded generator.
export default () => {
  let s = 2024;
  const rnd = () => (s = (s * 48271) % 2147483647) / 2147483647;
  const events = [];
  const at = (t, f) => {
    let i = events.findIndex((e) => e.t > t);
    if (i < 0) i = events.length;
    events.splice(i, 0, { t, f });
  };
  let now = 0,
    free = 2,
    served = 0,
    peak = 0,
    left = 0;
  const queue = [],
    waits = [],
    log = [];
  const start = (c) => {
    free--;
    waits.push(now - c.t);
    const d = 1 + Math.floor(rnd() * 9);
    at(now + d, () => {
      free++;
      served++;
      if (c.id < 4) log.push(`${now}: ${c.id} leaves`);
      if (queue.length) start(queue.shift());
    });
  };
  const arrive = (id) => {
    const c = { id, t: now };
    if (id < 4) log.push(`${now}: ${id} arrives`);
    if (free) start(c);
    else if (queue.length >= 5) left++;
    else {
      queue.push(c);
      peak = Math.max(peak, queue.length);
    }
    if (id < 60) at(now + 1 + Math.floor(rnd() * 4), () => arrive(id + 1));
  };
  at(0, () => arrive(1));
  while (events.length) {
    const e = events.shift();
    now = e.t;
    e.f();
  }
  return {
    now,
    served,
    left,
    peak,
    mean: Math.round((waits.reduce((a, b) => a + b) / waits.length) * 100) / 100,
    max: Math.max(...waits),
    log,
  };
};
