/** Log lines of guests on stderr. */
import type { Logger } from '../engine/logger.js';
import { visible, warn } from './output.js';

/** Every line with its level; what would command a terminal is taken out, as a guest may write anything. */
export const stderrLogger: Logger = {
  error: (_fields, text) => logLines('error', text),
  warn: (_fields, text) => logLines('warn', text),
  info: (_fields, text) => logLines('info', text),
  debug: (_fields, text) => logLines('debug', text),
  trace: (_fields, text) => logLines('trace', text),
};

function logLines(level: string, text: string): void {
  for (const line of text.replace(/\n$/, '').split('\n')) {
    warn(`[${level}] ${visible(line)}`);
  }
}
