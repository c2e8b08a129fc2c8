// Switch: strict comparison, fall through, a default in the middle, one scope for all cases.
export default () => {
  const run = (x) => {
    const out = [];
    switch (x) {
      case 1:
        out.push('one');
      case 2:
        out.push('two');
        break;
      default:
        out.push('default');
      case '1':
        out.push('string one');
        break;
      case Number.NaN:
        out.push('never');
    }
    return out.join('+');
  };
  const order = [];
  const say = (v) => (order.push(v), v);
  switch (say(3)) {
    case say(1):
    case say(3):
    case say(5):
  }
  const grade = (n) => {
    switch (true) {
      case n >= 90:
        return 'A';
      case n >= 80:
        return 'B';
      default:
        return 'F';
    }
  };
  const dead = () => {
    switch (2) {
      case 1:
        let x = 1;
        return x;
      case 2:
        try {
          return x;
        } catch (e) {
          return e.name;
        }
    }
  };
  return {
    runs: [1, 2, '1', '2', NaN, null, undefined, true].map(run),
    order,
    grades: [95, 85, 3].map(grade),
    dead: dead(),
  };
};
