/** A terminal that one picture is drawn on again and again. */

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';
const HOME = '\x1b[H';
const CLEAR_LINE = '\x1b[K';
const CLEAR_REST = '\x1b[J';
const CTRL_C = '\x03';

/** Owns standard output, and input if it is a terminal too, until it is closed: at the latest when the process ends. */
export class Screen {
  readonly #pressed: (key: string) => void;
  readonly #resized: () => void;
  #isOpen = true;

  /**
   * @param pressed Gets what is typed. Ctrl-C is a SIGINT, as elsewhere.
   * @param resized Draws it anew.
   */
  constructor(pressed: (key: string) => void, resized: () => void) {
    this.#pressed = pressed;
    this.#resized = resized;
    process.once('exit', this.#restore);
    process.stdout.on('resize', resized);
    if (process.stdin.isTTY === true) {
      process.stdin.setRawMode(true);
      process.stdin.on('data', this.#read);
    }
    process.stdout.write(HIDE_CURSOR);
  }

  get rows(): number {
    return process.stdout.rows || 24;
  }

  /** Without the last one: what ends there may be on the next line already. */
  get columns(): number {
    return (process.stdout.columns || 80) - 1;
  }

  /** Draws lines, which fit. */
  draw(lines: readonly string[]): void {
    if (!this.#isOpen) return;
    process.stdout.write(`${HOME}${lines.map((line) => `${line}${CLEAR_LINE}`).join('\n')}${CLEAR_REST}`);
  }

  /** Leaves the terminal as it was, the last picture above the prompt. Idempotent. */
  async close(): Promise<void> {
    this.#restore();
  }

  readonly #restore = (): void => {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    process.off('exit', this.#restore);
    process.stdout.off('resize', this.#resized);
    if (process.stdin.isTTY === true) {
      process.stdin.off('data', this.#read);
      process.stdin.setRawMode(false);
      process.stdin.pause();
    }
    process.stdout.write(`${SHOW_CURSOR}\n`);
  };

  readonly #read = (typed: Buffer): void => {
    for (const key of typed.toString('latin1')) {
      if (key === CTRL_C) process.kill(process.pid, 'SIGINT');
      else this.#pressed(key);
    }
  };
}
