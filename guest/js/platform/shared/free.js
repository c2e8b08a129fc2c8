// What packages read without importing it.
export { Buffer } from '../node/buffer.js';
export { default as process } from '../node/process.js';
