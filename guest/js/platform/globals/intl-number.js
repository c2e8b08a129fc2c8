// Intl.NumberFormat and toLocaleString of numbers, in English.
import '../shared/intl.js';
import './intl-plural.js';
import '@formatjs/intl-numberformat/polyfill-force.js';
import '@formatjs/intl-numberformat/locale-data/en.js';
