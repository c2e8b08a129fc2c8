/** esbuild, which is a process of its own: started when it is needed, ended when it is not any more. */

type Esbuild = typeof import('esbuild');

/** How long it is kept for the next function. It does not keep this process alive. */
const IDLE_MS = 2000;

let users = 0;
let idle: NodeJS.Timeout | undefined;

export async function withEsbuild<T>(work: (esbuild: Esbuild) => Promise<T>): Promise<T> {
  const esbuild = await import('esbuild');
  users += 1;
  clearTimeout(idle);
  try {
    return await work(esbuild);
  } finally {
    users -= 1;
    if (users === 0) idle = setTimeout(() => void esbuild.stop(), IDLE_MS).unref();
  }
}
