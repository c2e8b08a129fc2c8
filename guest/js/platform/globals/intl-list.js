// Intl.ListFormat in English.
import '../shared/intl.js';
import './intl-base.js';
import '@formatjs/intl-listformat/polyfill-force.js';
import '@formatjs/intl-listformat/locale-data/en.js';
