// Intl.Locale.
import './intl-base.js';
import '@formatjs/intl-locale/polyfill-force.js';
