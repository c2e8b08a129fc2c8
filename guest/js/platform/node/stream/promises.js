import promises from 'readable-stream/lib/stream/promises.js';

export default promises;
