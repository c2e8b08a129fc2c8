import util from './util.js';

export default util;
