// finally decides: it can replace a return, a throw, a break.
export default () => {
  const log = [];
  const a = () => {
    try {
      return 'try';
    } finally {
      log.push('a');
    }
  };
  const b = () => {
    try {
      return 'try';
    } finally {
      return 'finally';
    }
  };
  const c = () => {
    try {
      throw new Error('x');
    } catch {
      return 'catch';
    } finally {
      log.push('c');
    }
  };
  const d = () => {
    try {
      throw new Error('lost');
    } finally {
      return 'swallowed';
    }
  };
  const e = () => {
    for (const i of [1, 2, 3]) {
      try {
        return i;
      } finally {
        if (i < 3) continue;
      }
    }
  };
  const f = () => {
    let x = 1;
    try {
      return x;
    } finally {
      x = 2;
    }
  };
  const g = () => {
    const o = { x: 1 };
    try {
      return o;
    } finally {
      o.x = 2;
    }
  };
  const h = () => {
    try {
      try {
        throw 1;
      } finally {
        log.push('inner');
      }
    } catch (v) {
      return v + 1;
    }
  };
  const i = () => {
    try {
      throw 1;
    } catch (v) {
      try {
        throw v + 1;
      } catch (w) {
        return [v, w];
      }
    }
  };
  const j = () => {
    try {
      throw new Error('a');
    } catch {
      throw new TypeError('b');
    } finally {
      log.push('j');
    }
  };
  const k = () => {
    l: try {
      return 1;
    } finally {
      break l;
    }
    return 'broke out';
  };
  const m = () => {
    while (true) {
      try {
        return 'r';
      } finally {
        break;
      }
    }
    return 'after';
  };
  let jj;
  try {
    j();
  } catch (err) {
    jj = err.name + err.message;
  }
  const destructured = () => {
    try {
      throw { code: 5, nested: [1, 2] };
    } catch ({ code, nested: [, second], absent = 'none' }) {
      return [code, second, absent];
    }
  };
  return {
    a: a(),
    b: b(),
    c: c(),
    d: d(),
    e: e(),
    f: f(),
    g: g(),
    h: h(),
    i: i(),
    jj,
    k: k(),
    m: m(),
    destructured: destructured(),
    log,
  };
};
