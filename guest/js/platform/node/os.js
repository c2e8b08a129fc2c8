import { dlopen, errno, priority, signals, UV_UDP_REUSEADDR } from 'unenv/node/internal/os/constants';
import { missing } from '../shared/host-module.js';

const user = { uid: 0, gid: 0, username: 'root', homedir: '/', shell: null };

export default {
  EOL: '\n',
  devNull: '/dev/null',
  constants: { UV_UDP_REUSEADDR, dlopen, errno, signals, priority },
  arch: () => 'x64',
  availableParallelism: () => 1,
  cpus: () => [],
  endianness: () => 'LE',
  freemem: () => 0,
  getPriority: () => 0,
  homedir: () => '/',
  hostname: () => 'guest',
  loadavg: () => [0, 0, 0],
  machine: () => 'x86_64',
  networkInterfaces: () => ({}),
  platform: () => 'linux',
  release: () => '0.0.0',
  setPriority: missing('os.setPriority'),
  tmpdir: () => '/tmp',
  totalmem: () => 0,
  type: () => 'Linux',
  uptime: () => performance.now() / 1000,
  userInfo: () => user,
  version: () => 'snapvm',
};
