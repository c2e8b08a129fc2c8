import debug from 'debug';

export default () => {
  const lines = [];
  debug.log = (...args) => lines.push(args.length);
  debug.enable('app:*,-app:quiet');
  const [web, quiet, other] = ['app:web', 'app:quiet', 'other'].map((name) => debug(name));
  web('a %d', 1);
  quiet('b');
  other('c');
  const inner = web.extend('inner');
  const enabled = [web, quiet, other, inner].map((each) => each.enabled);
  const names = debug.disable();
  return {
    lines: lines.length,
    enabled,
    inner: inner.namespace,
    names,
    after: web.enabled,
    humanized: debug.humanize(90_000),
  };
};
