// A task in Node: in a process of its own, which is killed when it has answered.
import { pathToFileURL } from 'node:url';

try {
  const { default: task } = await import(pathToFileURL(process.argv[2]).href);
  const answer = await task();
  process.send({ answer: JSON.parse(JSON.stringify(answer ?? null)) });
} catch (error) {
  process.send({ error: `${error?.name}: ${error?.message}`.split('\n', 1)[0] });
}
