// Intl.ListFormat in English.
import '../shared/intl.js';
import './intl-locale.js';
import '@formatjs/intl-listformat/polyfill-force.js';
import '@formatjs/intl-listformat/locale-data/en.js';
