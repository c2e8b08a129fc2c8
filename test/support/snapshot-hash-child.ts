/** Prints the hashes of a few snapshots: run in a process of its own by test/snapshot/hash.test.ts. */
import { buildTest, hashedEnvironments } from './snapshot-build.js';

const hashes: string[] = [];
for (const environment of hashedEnvironments()) {
  const snapshot = await buildTest(environment);
  hashes.push(snapshot.hash, await snapshot.memoryHash());
}
console.log(JSON.stringify(hashes));
