// Intl.Segmenter.
import '../shared/intl.js';
import './intl-base.js';
import '@formatjs/intl-segmenter/polyfill-force.js';
