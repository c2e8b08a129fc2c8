// Intl.Collator, and String.prototype.localeCompare with a locale.
import './intl-base.js';
import { compare } from '../../prelude/locale.js';
import { define, tag } from '../shared/define.js';
import { orderFor } from '../shared/orders.js';

const DEFAULTS = { usage: 'sort', sensitivity: 'variant', ignorePunctuation: false, collation: 'default' };
const ALLOWED = {
  usage: ['sort', 'search'],
  sensitivity: ['base', 'accent', 'case', 'variant'],
  caseFirst: ['upper', 'lower', 'false'],
};
const { localeCompare } = String.prototype;
/** Those whose order is known, by the names that they are asked for by. */
const known = ['en', 'en-US'];

/** The known locale that comes closest to a name. */
function closest(name) {
  for (let end = name.length; end > 0; end = name.lastIndexOf('-', end - 1)) {
    const shorter = name.slice(0, end);
    if (known.includes(shorter)) return shorter;
  }
  return undefined;
}

function checked(options) {
  for (const [name, values] of Object.entries(ALLOWED))
    if (options[name] !== undefined && !values.includes(`${options[name]}`))
      throw new RangeError(`Value ${options[name]} out of range for Intl.Collator options property ${name}`);
  return options;
}

class Collator {
  #options;
  #order;
  #compare;

  constructor(locales, options = {}) {
    const { usage, sensitivity, ignorePunctuation, numeric, caseFirst } = checked(options);
    const [asked = 'en-US'] = Intl.getCanonicalLocales(locales);
    const [name, extension = ''] = asked.split(/-u-/);
    const locale = closest(name) ?? 'en-US';
    const [order, first] = orderFor(locale);
    this.#order = order;
    const given = Object.entries({ usage, sensitivity, ignorePunctuation }).filter(
      ([, value]) => value !== undefined,
    );
    this.#options = {
      locale,
      ...DEFAULTS,
      ...Object.fromEntries(given),
      numeric: Boolean(numeric ?? /\bkn\b(?!-false)/.test(extension)),
      caseFirst: `${caseFirst ?? /\bkf-(\w+)/.exec(extension)?.[1] ?? first}`,
    };
  }

  get compare() {
    this.#compare ??= (one, other) => compare(`${one}`, `${other}`, this.#options, this.#order);
    return this.#compare;
  }

  resolvedOptions() {
    return { ...this.#options };
  }

  static supportedLocalesOf(locales) {
    return Intl.getCanonicalLocales(locales).filter((name) => closest(name.split(/-u-/)[0]) !== undefined);
  }

  /** As the parts of formatjs have it. */
  static __addLocaleData({ locale }) {
    known.push(locale);
  }
}
tag(Collator, 'Intl.Collator');
define(Intl, 'Collator', Collator);
Object.defineProperty(Collator, '__addLocaleData', { enumerable: false });

const compareWith = {
  localeCompare(that, locales, options) {
    if (locales === undefined) return localeCompare.call(this, that, locales, options);
    if (this === undefined || this === null)
      throw new TypeError('String.prototype.localeCompare called on null or undefined');
    return new Collator(locales, options).compare(this, that);
  },
};
Object.defineProperty(compareWith.localeCompare, 'length', { value: 1, configurable: true });
define(String.prototype, 'localeCompare', compareWith.localeCompare);
