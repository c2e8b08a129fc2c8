let last = 0;

/** A snapshot id, unique in this process. */
export function nextSnapshotId(): number {
  last += 1;
  return last;
}
