import { missing } from '../shared/host-module.js';

const { console } = globalThis;
const NOTHING_TO_DO = ['clear', 'profile', 'profileEnd', 'timeStamp'];

export default Object.assign(Object.create(console), {
  ...Object.fromEntries(NOTHING_TO_DO.map((name) => [name, () => {}])),
  Console: missing('console.Console'),
  context: missing('console.context'),
  createTask: missing('console.createTask'),
  dirxml: console.log,
  groupCollapsed: console.group,
});
