// Intl.Segmenter.
import '../shared/intl.js';
import './intl-locale.js';
import '@formatjs/intl-segmenter/polyfill-force.js';
