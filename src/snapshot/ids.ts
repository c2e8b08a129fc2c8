let last = 0;

/** A snapshot id, unique in this process: the seed's SANDBOX_CONFIGURATION_COUNTER. */
export function nextSnapshotId(): number {
  last += 1;
  return last;
}
