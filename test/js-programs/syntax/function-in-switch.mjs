// A function declared in one case is there in all of them: the cases share one scope, and it is hoisted in it.
export default () => {
  const out = [];
  for (const n of [0, 1, 2]) {
    switch (n) {
      case 0:
        function inSwitch() {
          return `called from ${n}`;
        }
        out.push(typeof later);
      case 1:
        out.push(inSwitch());
        break;
      case 2:
        out.push(inSwitch === inSwitch, inSwitch.name);
        {
          function inSwitch2() {
            return 'inner';
          }
          out.push(inSwitch2());
        }
      default:
        function later() {
          return 'later';
        }
        out.push(later());
    }
  }
  out.push(typeof inSwitch);
  return out;
};
