// Intl.DateTimeFormat and the toLocale… functions of dates, in English and with all time zones.
import '../shared/intl.js';
import './intl-number.js';
import '@formatjs/intl-datetimeformat/polyfill-force.js';
import '@formatjs/intl-datetimeformat/locale-data/en.js';
import '@formatjs/intl-datetimeformat/add-all-tz.js';
