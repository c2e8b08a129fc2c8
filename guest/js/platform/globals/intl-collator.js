// Intl.Collator: in the order of String.prototype.localeCompare, which knows English.
import './intl-base.js';
import { define, tag } from '../shared/define.js';

const { localeCompare } = String.prototype;
const DEFAULTS = { usage: 'sort', sensitivity: 'variant', ignorePunctuation: false, collation: 'default' };

class Collator {
  #options;
  #compare;

  constructor(_locales, options = {}) {
    const { usage, sensitivity, ignorePunctuation, numeric = false, caseFirst = 'false' } = options;
    const given = Object.entries({ usage, sensitivity, ignorePunctuation }).filter(
      ([, value]) => value !== undefined,
    );
    this.#options = { locale: 'en-US', ...DEFAULTS, ...Object.fromEntries(given), numeric, caseFirst };
  }

  get compare() {
    this.#compare ??= (one, other) => localeCompare.call(`${one}`, `${other}`, undefined, this.#options);
    return this.#compare;
  }

  resolvedOptions() {
    return { ...this.#options };
  }

  static supportedLocalesOf(locales) {
    return Intl.getCanonicalLocales(locales).filter((locale) => /^en\b/.test(locale));
  }
}
tag(Collator, 'Intl.Collator');
define(Intl, 'Collator', Collator);
