// An import follows the exporter's variable.

import * as ns from './parts/counter.js';
import { box, count, increment, later, reset, setLater } from './parts/counter.js';
export default () => {
  reset();
  const seen = [count, ns.count];
  increment();
  increment(5);
  seen.push(count, ns.count);
  const read = () => count;
  increment();
  seen.push(read());
  let err;
  try {
    [ns][0].count = 100;
  } catch (e) {
    err = e.name;
  }
  box.value = 'shared';
  const copy = count;
  increment();
  seen.push(copy, count, ns.box.value);
  const before = later;
  setLater('set');
  const after = later;
  setLater(null);
  reset();
  return { seen, err, before, after, end: count };
};
