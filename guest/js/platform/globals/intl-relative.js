// Intl.RelativeTimeFormat in English.
import '../shared/intl.js';
import './intl-number.js';
import '@formatjs/intl-relativetimeformat/polyfill-force.js';
import '@formatjs/intl-relativetimeformat/locale-data/en.js';
