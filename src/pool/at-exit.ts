/** A process that exits ends its workers by waiting for them, and a guest that spins would keep it waiting. */

interface Stoppable {
  stopGuests(): void;
}

const open = new Set<Stoppable>();
let listens = false;

export function stopAtExit(pool: Stoppable): void {
  open.add(pool);
  if (listens) return;
  listens = true;
  process.on('exit', () => {
    for (const pool of open) pool.stopGuests();
  });
}

export function forgetAtExit(pool: Stoppable): void {
  open.delete(pool);
}
