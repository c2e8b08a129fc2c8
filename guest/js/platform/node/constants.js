import * as constants from 'unenv/node/constants';

const { default: _all, ...named } = constants;

export default named;
