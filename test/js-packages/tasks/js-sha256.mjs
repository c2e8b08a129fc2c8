import { sha224, sha256 } from 'js-sha256';

export default () => [
  sha256('grüße'),
  sha224('a'.repeat(1000)),
  sha256.hmac('key', 'message'),
  sha256.create().update('a').update([98, 99]).hex(),
  sha256.array(Uint8Array.of(1, 2, 3)).slice(0, 4),
  sha256(''),
];
