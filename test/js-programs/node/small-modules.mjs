import { AsyncLocalStorage } from 'async_hooks';
import { channel } from 'diagnostics_channel';
import { METHODS, STATUS_CODES } from 'http';
import { isIP, isIPv6 } from 'net';
import os, { EOL } from 'os';
import { performance } from 'perf_hooks';
import { setTimeout as wait } from 'timers/promises';
import { isatty } from 'tty';
import { isMainThread } from 'worker_threads';

const storage = new AsyncLocalStorage();
const ADDRESSES = [
  '1.2.3.4',
  '256.1.1.1',
  '01.2.3.4',
  '::',
  '::1',
  '1::2::3',
  'fe80::1%eth0',
  '::ffff:1.2.3.4',
].concat('1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7::', 'g::', '');

export default async () => {
  const heard = [];
  channel('c').subscribe((message, name) => heard.push([message, name]));
  channel('c').publish({ a: 1 });
  const inside = await storage.run({ id: 7 }, async () => {
    await wait(1);
    return storage.getStore().id;
  });
  return [
    heard,
    inside,
    storage.getStore() ?? null,
    METHODS.includes('PATCH'),
    STATUS_CODES[404],
    ADDRESSES.map((address) => [isIP(address), isIPv6(address)]),
    [EOL, os.platform(), os.constants.signals.SIGINT, os.constants.errno.ENOENT, os.endianness()],
    typeof performance.now(),
    await wait(1, 'value'),
    isatty(99),
    isMainThread,
  ];
};
