/** Processes of Node. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';
import { Exchange } from './exchange.js';
import { MEMORY_MIB, type Peer, type Subject, TIMEOUT_MS } from './peer.js';
import { overText, WORKS, type Work } from './work.js';

export const childProcess: Peer = {
  name: 'child_process',
  version: () => process.versions.node,
  how: {
    fresh: 'a new process of node that gets the input on stdin, answers on stdout and ends',
    warm: 'a message to one process of node, and its answer',
  },
  open: async (name, mode) => (mode === 'fresh' ? fresh(WORKS[name]) : warm(WORKS[name])),
};

const OPTIONS = [`--max-old-space-size=${MEMORY_MIB}`, '-e'];

function fresh(work: Work): Subject {
  const bytes = work.kind === 'bytes';
  const handler = bytes ? work.handler : overText(work.handler);
  const source = `const { readFileSync, writeSync } = require('node:fs');\nwriteSync(1, (${handler})(readFileSync(0)));`;
  const call = async () => {
    const child = spawn(process.execPath, [...OPTIONS, source], {
      env: {},
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    const closed = once(child, 'close');
    // A process that ends without reading is noticed by its answer.
    child.stdin.on('error', () => {});
    child.stdin.end(bytes ? work.input : JSON.stringify(work.input));
    const [output, [code, signal]] = await Promise.all([buffer(child.stdout), closed]);
    if (code !== 0) throw new Error(`the process ended with ${signal ?? code}`);
    work.check(bytes ? output : JSON.parse(output.toString()));
  };
  return { call, close: () => {} };
}

function warm(work: Work): Subject {
  const source = `const handler = ${work.handler};\nprocess.on('message', (input) => process.send(handler(input)));`;
  const child = spawn(process.execPath, [...OPTIONS, source], {
    env: {},
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // The other one knows JSON only, but is faster at that.
    serialization: work.kind === 'bytes' ? 'advanced' : 'json',
  });
  const exchange = listen(child);
  const call = async () => work.check(await exchange.ask(() => void child.send(work.input)));
  const close = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return { call, close };
}

function listen(child: ChildProcess): Exchange {
  const exchange = new Exchange(() => child.kill('SIGKILL'));
  child.on('message', (answer) => exchange.answer(answer));
  child.on('error', (error) => exchange.fail(error));
  child.on('exit', () => exchange.fail(new Error('the process ended without an answer')));
  return exchange;
}
