// Labelled break and continue, through loops, blocks and switch.
export default () => {
  const primes = [];
  outer: for (let i = 2; i < 60; i++) {
    for (const p of primes) {
      if (p * p > i) break;
      if (i % p === 0) continue outer;
    }
    primes.push(i);
  }
  const trace = [];
  block: {
    trace.push('in');
    if (primes.length > 3) break block;
    trace.push('unreached');
  }
  let n = 0;
  loop: while (true) {
    switch (n++) {
      case 2:
        continue loop;
      case 5:
        break loop;
      default:
        trace.push(n);
    }
  }
  a: b: for (;;) {
    trace.push('both labels');
    break a;
  }
  const pairs = [];
  rows: for (let i = 0; i < 4; i++) {
    for (let j = 0; j < 4; j++) {
      try {
        if (i === j) continue rows;
        pairs.push(`${i}${j}`);
      } finally {
        trace.push(i * 4 + j);
      }
    }
  }
  return { primes, trace, n, pairs };
};
