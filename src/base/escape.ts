/**
 * Text of a guest, or of anyone else, without what a terminal would obey: control characters, those that turn the
 * direction of text, line separators, and others that cannot be seen. Joiners stay, which scripts and emoji need.
 */

const UNSEEN = '\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb';
const CONTROLS = new RegExp(`(?:\\r(?!\\n)|[\\0-\\x08\\v\\f\\x0e-\\x1f\\x7f-\\x9f\\u061c${UNSEEN}])+`, 'g');
const CONTROLS_OF_A_LINE = new RegExp(`[\\0-\\x08\\n-\\x1f\\x7f-\\x9f\\u061c${UNSEEN}]+`, 'g');
/** The commonest, made once: a guest may write nothing else. */
const ESCAPES = Array.from({ length: 256 }, (_, code) => escapeOf(code));

/**
 * Shows such characters as `\u001b`; tabs and line breaks stay. That is how JSON writes them, so what is JSON stays
 * the same JSON, and what is escaped already stays as it is.
 */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, escaped);
}

/** The same, with line breaks escaped too: what comes of it is one line. */
export function escapeLine(text: string): string {
  return text.replace(CONTROLS_OF_A_LINE, escaped);
}

function escaped(characters: string): string {
  let text = '';
  for (let i = 0; i < characters.length; i++) {
    const code = characters.charCodeAt(i);
    text += ESCAPES[code] ?? escapeOf(code);
  }
  return text;
}

function escapeOf(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`;
}
