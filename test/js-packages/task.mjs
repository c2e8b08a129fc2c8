// One task, in Node and in a guest: what each answers, and whether that is the same.
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';

const CHILD = fileURLToPath(new URL('in-node.mjs', import.meta.url));
/** Of Node, of evaluating the module in a guest and of its call: many times what the slowest (openpgp) takes. */
const LIMIT_MS = 180_000;
/** What a guest has: nothing of this machine's time zone and language, and esbuild's NODE_ENV. */
const ENVIRONMENT = { TZ: 'UTC', LC_ALL: 'en_US.UTF-8', NODE_ENV: 'production', PATH: process.env.PATH };

let defined = 0;

/**
 * `policy`: what it needs of one, and `locales`.
 * @typedef {{ works: boolean, reason?: string, ms: number }} Result `ms`: all of it
 * @returns {Promise<Result>}
 */
export async function runTask(engine, { file, policy }) {
  const started = performance.now();
  const judged = await judge(engine, file, policy);
  return { ...judged, ms: Math.round(performance.now() - started) };
}

async function judge(engine, file, policy) {
  const node = await inNode(file);
  if (node.error !== undefined) return { works: false, reason: `Node itself: ${node.error}` };
  const guest = await inGuest(engine, file, policy);
  if (guest.error !== undefined) return { works: false, reason: guest.error };
  if (isDeepStrictEqual(node.answer, guest.answer)) return { works: true };
  return { works: false, reason: `another answer: ${firstDifference(node.answer, guest.answer)}` };
}

/** @returns {Promise<{ answer: unknown } | { error: string }>} from a process of its own */
function inNode(file) {
  return new Promise((resolve) => {
    const stdio = ['ignore', 'ignore', 'pipe', 'ipc'];
    const child = fork(CHILD, [file], { stdio, env: ENVIRONMENT, execArgv: [] });
    let said = '';
    let result = { error: 'no answer' };
    const limit = setTimeout(() => {
      result = { error: `no answer within ${LIMIT_MS} ms` };
      child.kill('SIGKILL');
    }, LIMIT_MS);
    child.stderr.on('data', (text) => {
      said += text;
    });
    child.on('message', (message) => {
      result = message;
      child.kill('SIGKILL'); // whatever keeps it alive
    });
    child.once('close', () => {
      clearTimeout(limit);
      resolve(result.error === 'no answer' ? { error: firstLine(said) || 'it ended early' } : result);
    });
  });
}

async function inGuest(engine, file, policy) {
  let handle;
  try {
    const limits = { timeoutMs: LIMIT_MS, initTimeoutMs: LIMIT_MS, values: 'json' };
    const { locales, ...needed } = policy;
    const js = locales === undefined ? { file } : { file, locales };
    // One of the same name would take the place of the other lane's.
    handle = await engine.define(`package-${++defined}`, { js }, { ...limits, ...needed });
    return { answer: JSON.parse(JSON.stringify((await handle.call()) ?? null)) };
  } catch (error) {
    return { error: firstLine(`${error.code ?? error.name}: ${error.message}`) };
  } finally {
    await handle?.undefine();
  }
}

/** Without the paths of this machine. */
function firstLine(text) {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? '';
  return line.replaceAll(/(?:file:\/\/)?\/[^\s'":]*\/node_modules\//g, '').slice(0, 300);
}

/** @returns {string} the place, and what is there */
function firstDifference(node, guest, place = '') {
  const isObject = (value) => typeof value === 'object' && value !== null;
  if (isObject(node) && isObject(guest)) {
    const keys = new Set([...Object.keys(node), ...Object.keys(guest)]);
    const key = [...keys].find((each) => !isDeepStrictEqual(node[each], guest[each]));
    if (key !== undefined) return firstDifference(node[key], guest[key], `${place}.${key}`);
  }
  const show = (value) => (JSON.stringify(value) ?? 'nothing').slice(0, 80);
  return `${place === '' ? 'all of it' : place} is ${show(guest)}, in Node ${show(node)}`;
}
