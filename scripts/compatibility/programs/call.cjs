// call.mjs, with require.
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { Engine } = require('snapvm');

async function main() {
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
}

void main();
