import { Engine, SnapvmError } from 'snapvm';

export async function start(): Promise<Engine | undefined> {
  try {
    return await Engine.start();
  } catch (error) {
    if (error instanceof SnapvmError) return undefined;
    throw error;
  }
}
