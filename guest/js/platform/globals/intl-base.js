// Intl, with the names of locales.
import '../shared/intl.js';
import '@formatjs/intl-getcanonicallocales/polyfill-force.js';
