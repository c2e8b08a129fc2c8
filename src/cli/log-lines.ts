/** Prints the log lines of guests to stderr. */
import { escapeLine } from '../base/escape.js';
import type { Logger } from '../engine/logger.js';
import { warn } from './output.js';

/** Prints each line with its level, without control characters: a guest may write anything. */
export const stderrLogger: Logger = {
  error: (_fields, text) => logLines('error', text),
  warn: (_fields, text) => logLines('warn', text),
  info: (_fields, text) => logLines('info', text),
  debug: (_fields, text) => logLines('debug', text),
  trace: (_fields, text) => logLines('trace', text),
};

function logLines(level: string, text: string): void {
  for (const line of text.replace(/\n$/, '').split('\n')) {
    warn(`[${level}] ${escapeLine(line)}`);
  }
}
