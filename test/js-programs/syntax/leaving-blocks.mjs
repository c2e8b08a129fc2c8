// Leaving labelled blocks, loops and switches, also through finally and out of generators.
export default () => {
  let m = 0;
  for (const v of [1, 2, 3]) {
    L: {
      if (v === 2) break;
      m++;
    }
    m += 10;
  }
  const log = [];
  const returns = (list) => {
    try {
      for (const v of list) {
        switch (v) {
          case 1:
            continue;
          case 2:
            return `returned ${v}`;
          default:
            log.push(v);
        }
      }
      return 'end';
    } finally {
      for (const v of list) if (v > 1) break;
      log.push('finally');
    }
  };
  function* yields() {
    try {
      for (const v of yield 'first') yield v * 2;
      yield* [7, 8];
    } finally {
      try {
        yield 'closing';
      } finally {
        log.push('closed');
      }
    }
  }
  const it = yields();
  const steps = [it.next(), it.next([1, 2]), it.next(), it.return('R'), it.next(), it.next()];
  const overridden = () => {
    outer: for (;;) {
      try {
        return 'lost';
      } finally {
        break outer;
      }
    }
    return 'kept';
  };
  const inside = [];
  block: {
    for (let i = 0; i < 3; i++) {
      inner: {
        if (i === 1) break inner;
        if (i === 2) break block;
        inside.push(i);
      }
      inside.push(`after ${i}`);
    }
    inside.push('never');
  }
  return { m, r: [returns([1, 5, 2]), returns([1, 1]), overridden()], log, steps, inside };
};
