/** Which job comes next. */

/** Gives jobs by their weights. */
export function picker<Job extends { readonly weight: number }>(all: readonly Job[]): () => Job {
  const sum = all.reduce((total, { weight }) => total + weight, 0);
  return () => {
    let left = Math.random() * sum;
    for (const job of all) {
      left -= job.weight;
      if (left < 0) return job;
    }
    return all[0] as Job;
  };
}
