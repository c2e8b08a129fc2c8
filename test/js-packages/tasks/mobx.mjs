import {
  action,
  autorun,
  computed,
  makeAutoObservable,
  observable,
  reaction,
  runInAction,
  toJS,
  when,
} from 'mobx';

class Todos {
  list = [];
  filter = 'all';
  constructor() {
    makeAutoObservable(this);
  }
  get open() {
    return this.list.filter(({ done }) => !done).length;
  }
  add(name) {
    this.list.push({ name, done: false });
  }
}

export default async () => {
  const log = [];
  const todos = new Todos();
  const stop = autorun(() => log.push(`open ${todos.open}`));
  reaction(
    () => todos.filter,
    (value, before) => log.push(`${before}->${value}`),
  );
  const enough = when(() => todos.list.length === 2);
  todos.add('a');
  todos.add('b');
  await enough;
  runInAction(() => {
    todos.list[0].done = true;
    todos.filter = 'open';
  });
  stop();
  todos.add('c');
  const box = observable.box(2);
  const twice = computed(() => box.get() * 2);
  action(() => box.set(5))();
  const map = observable.map({ a: 1 });
  return { log, list: toJS(todos.list), twice: twice.get(), map: [...map.entries()] };
};
