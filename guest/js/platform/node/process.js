// Node's process, as far as it means something in a guest. Programs look at it to find out where they are.
import { missing, unavailable } from '../shared/host-module.js';
import { version } from '../shared/names.js';

const MS = 1e3;
const NS = 1e9;

function nextTick(run, ...values) {
  if (typeof run !== 'function') {
    const error = new TypeError('The "callback" argument must be of type function');
    throw Object.assign(error, { code: 'ERR_INVALID_ARG_TYPE' });
  }
  queueMicrotask(() => run(...values));
}

function hrtime(since) {
  const now = performance.now();
  const seconds = Math.floor(now / MS);
  const nanoseconds = Math.floor((now % MS) * 1e6);
  if (since === undefined) return [seconds, nanoseconds];
  const [more, rest] = [seconds - since[0], nanoseconds - since[1]];
  return rest < 0 ? [more - 1, rest + NS] : [more, rest];
}
hrtime.bigint = () => BigInt(Math.floor(performance.now() * 1e6));

function stream(fd, write) {
  let line = '';
  return {
    fd,
    isTTY: false,
    writable: true,
    /** Whole lines go to the log. */
    write(text, encoding, done) {
      const lines = (line + (typeof text === 'string' ? text : new TextDecoder().decode(text))).split('\n');
      line = lines.pop();
      for (const each of lines) write(each);
      const then = typeof encoding === 'function' ? encoding : done;
      if (then !== undefined) nextTick(then);
      return true;
    },
    end() {},
    on() {
      return this;
    },
    once() {
      return this;
    },
    removeListener() {
      return this;
    },
    emit: () => false,
    getColorDepth: () => 1,
    hasColors: () => false,
  };
}

const memory = { rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 };
const listening = {};
// Nothing of what it tells of happens in a guest.
for (const name of ['on', 'once', 'off', 'addListener', 'removeListener', 'removeAllListeners'].concat(
  'prependListener',
  'prependOnceListener',
  'setMaxListeners',
))
  listening[name] = () => process;

const process = {
  ...listening,
  title: 'node',
  version: `v${version}`,
  versions: { node: version, modules: '115' },
  arch: 'x64',
  platform: 'linux',
  release: { name: 'node', lts: 'Iron' },
  argv: ['/usr/bin/node', '/function.js'],
  argv0: 'node',
  execArgv: [],
  execPath: '/usr/bin/node',
  env: { NODE_ENV: 'production' },
  pid: 1,
  ppid: 0,
  exitCode: undefined,
  features: {},
  config: { target_defaults: {}, variables: {} },
  stdout: stream(1, (line) => console.log(line)),
  stderr: stream(2, (line) => console.error(line)),
  stdin: {
    fd: 0,
    isTTY: false,
    on: () => process.stdin,
    once: () => process.stdin,
    resume: () => process.stdin,
  },
  nextTick,
  hrtime,
  cwd: () => '/',
  umask: () => 0o22,
  uptime: () => performance.now() / MS,
  memoryUsage: Object.assign(() => ({ ...memory }), { rss: () => 0 }),
  cpuUsage: () => ({ user: Math.floor(performance.now() * MS), system: 0 }),
  resourceUsage: () => ({}),
  emit: () => false,
  emitWarning(warning) {
    console.warn(typeof warning === 'string' ? `Warning: ${warning}` : `${warning}`);
  },
  listeners: () => [],
  listenerCount: () => 0,
  eventNames: () => [],
  getuid: () => 0,
  geteuid: () => 0,
  getgid: () => 0,
  getegid: () => 0,
  binding(name) {
    throw unavailable(`process.binding(${JSON.stringify(name)})`);
  },
  exit(code) {
    throw unavailable(`process.exit(${code ?? ''})`);
  },
};
for (const name of ['abort', 'chdir', 'dlopen', 'kill', 'reallyExit'])
  process[name] = missing(`process.${name}`);
Object.defineProperty(process, Symbol.toStringTag, { value: 'process', configurable: true });

export default process;
