// Block functions, shadowing, closures over blocks, functions that replace themselves.
export default () => {
  const out = [];
  {
    function f() {
      return 'block f';
    }
    out.push(f());
    {
      function f() {
        return 'inner f';
      }
      out.push(f());
    }
    out.push(f());
  }
  let x = 'outer';
  {
    let x = 'inner';
    out.push(x);
    {
      const x = 'deeper';
      out.push(x);
    }
  }
  out.push(x);
  let once = () => {
    once = () => 'second';
    return 'first';
  };
  out.push(once(), once());
  const fs = {};
  for (const n of ['a', 'b']) {
    fs[n] = () => {
      const before = n;
      {
        const n = before + before;
        return n;
      }
    };
  }
  out.push(fs.a(), fs.b());
  if (true) {
    var hoisted = 'v';
    let kept = 'k';
  }
  out.push(hoisted, typeof kept);
  const r = (function fact(n) {
    return n < 2 ? 1 : n * fact(n - 1);
  })(6);
  out.push(r);
  (function named() {
    try {
      named = 1;
    } catch (e) {
      out.push(e.name);
    }
  })();
  {
    class f {}
    out.push(typeof f, f.name);
  }
  try {
    throw 1;
  } catch (x) {
    {
      let x = 'in catch block';
      out.push(x);
    }
  }
  return out;
};
