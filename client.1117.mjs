import { SnapvmClient } from 'snapvm/client'; // no dependencies, nothing of the engine

const client = new SnapvmClient(); // SNAPVM_URL, SNAPVM_TOKEN
await client.deploy('greet', 'export default ({ name }) => ({ hi: name })', { policy: { timeoutMs: 50 } });
console.log(await client.call('greet', { name: 'Ada' })); // { hi: 'Ada' }
await client.rollback('greet');
for await (const line of client.logs('greet', { follow: true })) console.log(line.text);
