import { Engine, type EngineOptions, GuestThrownError, type JsHandle, SnapvmError } from 'snapvm';

export async function greet(options: EngineOptions): Promise<unknown> {
  const engine = await Engine.start(options);
  try {
    const handle: JsHandle = await engine.define('greet', { js: 'export default (name) => name' });
    return await handle.call('Ada');
  } catch (error) {
    if (error instanceof GuestThrownError) return error.thrown.name;
    if (error instanceof SnapvmError) return error.code === 'SNAPVM_CALL_TIMEOUT';
    throw error;
  } finally {
    await engine.close();
  }
}
