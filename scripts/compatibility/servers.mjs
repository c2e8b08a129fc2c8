// The server and its client, in a project that has what npm installs with snapvm.
import { nodeOf } from './nodes.mjs';

const ANSWER = /^fetch: "Hello Ada", client: Hello Ada$/m;
const VERSIONS = ['20.19', '24'];
/** What it prints without the packages of the server: the engine works, and the server says what is missing. */
const WITHOUT = `
const { Engine } = await import('snapvm');
const { createServer } = await import('snapvm/server');
await (await Engine.start()).close();
await createServer({ port: 0 }).catch(({ code, message }) => console.log(code, message));`;

/** @type {readonly import('./main.mjs').Case[]} */
export const SERVER_CASES = [
  ...VERSIONS.map((version) => ({
    name: `server, Node ${version}`,
    quick: true,
    run: (workspace) => serves(workspace, version),
  })),
  { name: 'server, without its packages', quick: true, run: withoutPackages },
];

function serves(workspace, version) {
  const folder = workspace.installed;
  workspace.add(folder, 'serve.mjs');
  const output = workspace.run(nodeOf(workspace, version), ['serve.mjs'], folder);
  if (!ANSWER.test(output)) throw new Error(`serve.mjs printed ${output}`);
  return [];
}

function withoutPackages(workspace) {
  const folder = workspace.create('without-optional');
  workspace.npm(folder, ['install', '--omit=optional', '--prefer-offline', workspace.tarball]);
  const output = workspace.run('node', ['--input-type=module', '--eval', WITHOUT], folder);
  if (!/^SNAPVM_SERVER_PACKAGES .*fastify.*npm install/.test(output)) throw new Error(`it printed ${output}`);
  return [];
}
