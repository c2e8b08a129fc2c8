// Intl.PluralRules in English.
import '../shared/intl.js';
import './intl-locale.js';
import '@formatjs/intl-pluralrules/polyfill-force.js';
import '@formatjs/intl-pluralrules/locale-data/en.js';
