import { registry } from './registry.js';

const helper = (x) => {
  registry.set(`left ${x}`, registry.size);
  return `left ${x}`;
};
class Thing {
  where = 'left';
}

export { helper, registry, Thing };
