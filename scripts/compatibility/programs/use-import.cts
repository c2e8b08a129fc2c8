// A CommonJS module that may not require() an ES module, says this moduleResolution; types come from it as well.
import type { Engine } from 'snapvm' with { 'resolution-mode': 'import' };

export async function start(): Promise<Engine> {
  const { Engine } = await import('snapvm');
  return await Engine.start();
}
