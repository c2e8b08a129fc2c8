import { registry } from './registry.js';

const helper = (x) => {
  registry.set(`right ${x}`, registry.size);
  return `right ${x}`;
};
class Thing {
  where = 'right';
}

export { helper, registry, Thing };
