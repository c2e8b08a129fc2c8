import streams from '../../web/streams.js';

export default streams;
