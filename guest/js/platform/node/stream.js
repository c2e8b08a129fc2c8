// Node's streams: readable-stream, which is their code.
import stream from 'readable-stream/lib/stream.js';
import { missing } from '../shared/host-module.js';
import { addWebAdapters } from '../shared/web-adapters.js';
import promises from './stream/promises.js';
import types from './util/types.js';

Object.defineProperty(stream, 'promises', { value: promises, enumerable: true, configurable: true });
addWebAdapters(stream);
stream.duplexPair ??= missing('stream.duplexPair');
stream._isArrayBufferView = ArrayBuffer.isView;
stream.getDefaultHighWaterMark ??= (objectMode) => (objectMode ? 16 : 16_384);
stream.setDefaultHighWaterMark ??= () => {};
stream._isUint8Array ??= types.isUint8Array;

export default stream;
