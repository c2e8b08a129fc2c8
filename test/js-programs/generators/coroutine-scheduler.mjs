// Round-robin tasks with priorities, sleeping and messages, all on generators.
class Scheduler {
  tasks = [];
  tick = 0;
  log = [];
  boxes = new Map();
  spawn(name, gen) {
    this.tasks.push({ name, it: gen, wake: 0, send: undefined });
    return this;
  }
  run() {
    while (this.tasks.length && this.tick < 100) {
      const ready = this.tasks.filter(
        (t) => t.wake <= this.tick && (!t.waiting || this.boxes.get(t.waiting)?.length),
      );
      for (const t of ready) {
        if (t.waiting) {
          t.send = this.boxes.get(t.waiting).shift();
          t.waiting = null;
          if (t.send === undefined) continue;
        }
        const { value, done } = t.it.next(t.send);
        t.send = undefined;
        if (done) {
          this.log.push(`${this.tick}:${t.name} ended ${value ?? ''}`);
          this.tasks.splice(this.tasks.indexOf(t), 1);
        } else if (value?.sleep) t.wake = this.tick + value.sleep;
        else if (value?.put)
          (this.boxes.get(value.put) ?? this.boxes.set(value.put, []).get(value.put)).push(value.msg);
        else if (value?.take) t.waiting = value.take;
        else this.log.push(`${this.tick}:${t.name} ${value}`);
      }
      this.tick++;
    }
    return this.log;
  }
}
function* producer(n) {
  for (let i = 0; i < n; i++) {
    yield { put: 'q', msg: i * i };
    yield { sleep: 2 };
  }
  return 'all sent';
}
function* consumer(n) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const m = yield { take: 'q' };
    yield `took ${m}`;
    sum += m;
  }
  return sum;
}
function* ticker() {
  for (const c of 'abc') {
    yield c;
    yield { sleep: 3 };
  }
}
export default () =>
  new Scheduler().spawn('P', producer(4)).spawn('C', consumer(4)).spawn('T', ticker()).run();
