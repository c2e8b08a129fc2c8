import { fileURLToPath } from 'node:url';

/** How much a suite measures. */
export interface Plan {
  /** Rounds of each side, interleaved. */
  readonly rounds: number;
  /** Calls in a round. */
  readonly calls: number;
  readonly progress: (text: string) => void;
}

export const ECHO = fileURLToPath(new URL('../guest/examples/echo.elf', import.meta.url));
export const PAYLOAD_BYTES = 64;
