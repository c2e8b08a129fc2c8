// A user's program: a native function, a JavaScript one and one with types in it.
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Engine } from 'snapvm';

const snapvm = dirname(createRequire(`${process.cwd()}/`).resolve('snapvm'));
const engine = await Engine.start();
const echo = await engine.define('echo', { elf: join(snapvm, '../guest/examples/echo.elf') });
const greet = await engine.define('greet', { js: 'export default ({ name }) => "Hello " + name' });
const source = 'export default (n: number): number => n * 2;';
const twice = await engine.define('twice', { js: { source, language: 'ts' } });
const native = new TextDecoder().decode(await echo.call('adA', { fn: 'reverse' }));
const [hello, number] = [await greet.call({ name: 'Ada' }), await twice.call(21)];
console.log(`native: ${native}, JavaScript: ${hello}, TypeScript: ${number}`);
await engine.close();
