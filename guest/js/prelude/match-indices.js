// The flag "d" of regular expressions (ES2022), which the engine does not know.
import { define } from './define.js';

const FLAGS = { g: 1, i: 2, m: 4, s: 8, u: 16, y: 32 }; // as of libregexp

export function installMatchIndices(natives) {
  const Native = globalThis.RegExp;
  const { exec } = Native.prototype;
  const flagsOf = Object.getOwnPropertyDescriptor(Native.prototype, 'flags').get;
  const marked = new WeakSet();

  const withIndices = (regexp) => {
    marked.add(regexp);
    define(regexp, 'exec', function (text) {
      const subject = `${text}`;
      const match = exec.call(this, subject);
      if (match !== null) match.indices = indicesOf(this, subject, match);
      return match;
    });
    return regexp;
  };

  const indicesOf = (regexp, subject, match) => {
    const bits = Array.from(flagsOf.call(regexp), (flag) => FLAGS[flag] ?? 0).reduce(
      (all, bit) => all | bit,
      0,
    );
    const units = Uint16Array.from({ length: subject.length }, (_unit, index) => subject.charCodeAt(index));
    const indices = natives.matchIndices(regexp.source, bits, units, match.index);
    const groups = match.groups && Object.create(null);
    if (groups) {
      const names = [...regexp.source.matchAll(/\\.|\[(?:\\.|[^\]])*\]|\((\?<([^=!>][^>]*)>|(?!\?))/gs)];
      names
        .filter(([, group]) => group !== undefined)
        .forEach(([, , name], index) => {
          if (name !== undefined) groups[name] = indices[index + 1];
        });
    }
    define(indices, 'groups', groups);
    return indices;
  };

  function RegExp(pattern, flags) {
    const target = new.target ?? RegExp;
    const isRegExp = pattern?.[Symbol.match] !== undefined;
    if (new.target === undefined && isRegExp && flags === undefined && pattern.constructor === RegExp)
      return pattern;
    const given = flags === undefined && isRegExp ? pattern.flags : flags;
    const source = isRegExp ? pattern.source : pattern;
    if (given === undefined || !`${given}`.includes('d'))
      return Reflect.construct(Native, [source, given], target);
    const rest = `${given}`.replace('d', '');
    return withIndices(Reflect.construct(Native, [source, rest], target));
  }

  Object.defineProperty(RegExp, 'name', { value: 'RegExp', configurable: true });
  for (const key of Reflect.ownKeys(Native))
    if (key !== 'length' && key !== 'name')
      Object.defineProperty(RegExp, key, Object.getOwnPropertyDescriptor(Native, key));
  define(RegExp.prototype, 'constructor', RegExp);
  Object.defineProperty(RegExp.prototype, 'hasIndices', {
    get() {
      return this === RegExp.prototype ? undefined : marked.has(this);
    },
    configurable: true,
  });
  Object.defineProperty(RegExp.prototype, 'flags', {
    get() {
      return (this.hasIndices ? 'd' : '') + flagsOf.call(this);
    },
    configurable: true,
  });
  define(globalThis, 'RegExp', RegExp);
}
