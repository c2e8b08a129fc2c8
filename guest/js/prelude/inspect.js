// Values as text, much as Node's console shows them.
import { tagOf } from './values.js';

const LINE = 72;
const DEFAULT_DEPTH = 2;
const MOST_ITEMS = 100;
const MOST_CHARACTERS = 10_000;
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
const { getOwnPropertyDescriptor, getPrototypeOf } = Object;

/** One line where it fits, indented lines where it does not. */
export function inspect(value, depth = DEFAULT_DEPTH) {
  return format(value, { depth, level: 0, parents: [], circular: [] });
}

function format(value, state) {
  switch (typeof value) {
    case 'string':
      return state.level === 0 && state.plain ? value : quote(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint':
      return `${value}n`;
    case 'function':
      return formatObject(value, state);
    case 'object':
      return value === null ? 'null' : formatObject(value, state);
    default:
      return String(value);
  }
}

function quote(text) {
  const shown = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) : text;
  const more = text.length - shown.length;
  const mark = ["'", '"', '`'].find((candidate) => !shown.includes(candidate)) ?? "'";
  const escaped = JSON.stringify(shown)
    .slice(1, -1)
    .replaceAll('\\"', '"')
    .replaceAll(mark, mark === "'" ? "\\'" : mark);
  return `${mark}${escaped}${mark}${more > 0 ? `... ${more} more characters` : ''}`;
}

function formatObject(value, state) {
  if (state.parents.includes(value)) {
    if (!state.circular.includes(value)) state.circular.push(value);
    return `[Circular *${state.circular.indexOf(value) + 1}]`;
  }
  const name = nameOf(value);
  const special = formatSpecial(value, name);
  const keys = keysOf(value, special);
  if (special?.closed && keys.length === 0) return special.head;
  if (state.level > state.depth)
    return special?.closed
      ? special.head
      : `[${Array.isArray(value) ? 'Array' : (name ?? 'Object: null prototype')}]`;
  const inner = { ...state, level: state.level + 1, parents: [...state.parents, value] };
  const items = special?.items?.(inner) ?? [];
  for (const key of keys) items.push(`${formatKey(key)}: ${formatProperty(value, key, inner)}`);
  const index = state.circular.indexOf(value);
  const reference = index < 0 ? '' : `<ref *${index + 1}> `;
  const [open, close] = special?.brackets ?? ['{', '}'];
  return layOut(
    `${reference}${special ? special.head : headOf(value, name)}`,
    open,
    close,
    items,
    state.level,
  );
}

function layOut(head, open, close, items, level) {
  const start = head === '' ? open : `${head} ${open}`;
  if (items.length === 0) return `${start}${close}`;
  const length = items.reduce((sum, item) => sum + item.length + 2, start.length);
  if (length <= LINE && !items.some((item) => item.includes('\n')))
    return `${start} ${items.join(', ')} ${close}`;
  const indent = '  '.repeat(level + 1);
  return `${start}\n${indent}${items.join(`,\n${indent}`)}\n${'  '.repeat(level)}${close}`;
}

function nameOf(value) {
  for (let at = value; at !== null; at = getPrototypeOf(at)) {
    const constructor = getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof constructor === 'function' && constructor.name !== '') return constructor.name;
  }
  return undefined;
}

function headOf(value, name) {
  const tag = value[Symbol.toStringTag];
  const tagged = typeof tag === 'string' && tag !== '' && tag !== name ? ` [${tag}]` : '';
  if (name === undefined) return `[Object: null prototype]${tagged}`;
  return name === 'Object' && tagged === '' ? '' : `${name}${tagged}`;
}

/** What is not shown by its properties alone: `closed` ones need no brackets when they have none. */
function formatSpecial(value, name) {
  if (typeof value === 'function') return { head: formatFunction(value), closed: true };
  if (Array.isArray(value))
    return {
      head: name === 'Array' ? '' : `${name}(${value.length})`,
      brackets: ['[', ']'],
      items: (state) => listItems(value, state),
    };
  if (value instanceof Error) return { head: formatError(value), closed: true };
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const kind = tagOf.call(value);
  if (kind !== undefined)
    return {
      head: `${name ?? kind}(${value.length})`,
      brackets: ['[', ']'],
      items: (state) => listItems(Array.prototype.slice.call(value, 0, MOST_ITEMS), state, value.length),
    };
  if (value instanceof Date && tag === 'Date')
    return { head: Number.isNaN(value.getTime()) ? 'Invalid Date' : value.toISOString(), closed: true };
  if (value instanceof RegExp && tag === 'RegExp') return { head: String(value), closed: true };
  if (value instanceof Map && tag === 'Map')
    return {
      head: `${name}(${value.size})`,
      items: (state) => [...value].map(([key, item]) => `${format(key, state)} => ${format(item, state)}`),
    };
  if (value instanceof Set && tag === 'Set')
    return {
      head: `${name}(${value.size})`,
      items: (state) => [...value].map((item) => format(item, state)),
    };
  if (tag === 'WeakMap' || tag === 'WeakSet') return { head: name, items: () => ['<items unknown>'] };
  if (tag === 'ArrayBuffer') return { head: name, items: () => [`byteLength: ${value.byteLength}`] };
  if (value instanceof Number || value instanceof String || value instanceof Boolean)
    return { head: `[${name}: ${format(value.valueOf(), { level: 1 })}]`, closed: true };
  return undefined;
}

function listItems(list, state, length = list.length) {
  const items = [];
  for (let index = 0; index < length && items.length < MOST_ITEMS; index++) {
    const begin = index;
    while (index < list.length && !Object.hasOwn(list, index)) index++;
    const holes = index - begin;
    if (holes > 0) items.push(`<${holes} empty item${holes > 1 ? 's' : ''}>`);
    if (index < list.length) items.push(format(list[index], state));
  }
  if (length > MOST_ITEMS)
    items.push(`... ${length - MOST_ITEMS} more item${length > MOST_ITEMS + 1 ? 's' : ''}`);
  return items;
}

function formatFunction(value) {
  const source = Function.prototype.toString.call(value);
  const own = typeof value.name === 'string' && value.name !== '' ? value.name : undefined;
  if (source.startsWith('class')) {
    const parent = getPrototypeOf(value)?.name;
    return `[class ${own ?? '(anonymous)'}${parent ? ` extends ${parent}` : ''}]`;
  }
  const kind = nameOf(value) ?? 'Function';
  return own === undefined ? `[${kind} (anonymous)]` : `[${kind}: ${own}]`;
}

function formatError(error) {
  const stack = typeof error.stack === 'string' ? error.stack.trimEnd() : '';
  const head = String(Error.prototype.toString.call(error));
  const text = stack === '' ? `[${head}]` : `${head}\n${stack}`;
  return Object.hasOwn(error, 'cause')
    ? `${text}\n  [cause]: ${inspect(error.cause).replaceAll('\n', '\n  ')}`
    : text;
}

function keysOf(value, special) {
  const indexed = Array.isArray(value) || special?.brackets !== undefined || value instanceof String;
  return Reflect.ownKeys(value).filter((key) => {
    if (indexed && typeof key === 'string' && /^\d+$/.test(key)) return false;
    return getOwnPropertyDescriptor(value, key)?.enumerable === true;
  });
}

function formatKey(key) {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return IDENTIFIER.test(key) ? key : quote(key);
}

function formatProperty(value, key, state) {
  const { get, set, value: own } = getOwnPropertyDescriptor(value, key) ?? {};
  if (get !== undefined) return set === undefined ? '[Getter]' : '[Getter/Setter]';
  return set === undefined ? format(own, state) : '[Setter]';
}
