import {
  applyMiddleware,
  bindActionCreators,
  combineReducers,
  compose,
  legacy_createStore as createStore,
} from 'redux';

export default () => {
  const log = [];
  const counter = (state = 0, { type, by = 1 }) => (type === 'add' ? state + by : state);
  const list = (state = [], { type, item }) => (type === 'push' ? [...state, item] : state);
  const logger = () => (next) => (action) => {
    log.push(action.type);
    return next(action);
  };
  const thunk =
    ({ dispatch, getState }) =>
    (next) =>
    (action) =>
      typeof action === 'function' ? action(dispatch, getState) : next(action);
  const store = createStore(
    combineReducers({ counter, list }),
    { counter: 3 },
    applyMiddleware(thunk, logger),
  );
  let seen = 0;
  const stop = store.subscribe(() => seen++);
  store.dispatch({ type: 'add', by: 2 });
  store.dispatch((dispatch, getState) => dispatch({ type: 'push', item: getState().counter }));
  stop();
  bindActionCreators({ add: (by) => ({ type: 'add', by }) }, store.dispatch).add(10);
  let problem;
  try {
    store.dispatch({});
  } catch ({ name }) {
    problem = name;
  }
  return {
    state: store.getState(),
    log,
    seen,
    problem,
    composed: compose(
      (n) => n * 2,
      (n) => n + 1,
    )(3),
  };
};
