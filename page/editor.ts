/** The editor of a function's source. */

import { javascript } from '@codemirror/lang-javascript';
import { syntaxHighlighting } from '@codemirror/language';
import { EditorView } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { basicSetup } from 'codemirror';
import { byId } from './dom.ts';

const EXAMPLE = `// Every call starts from the same memory: the counter is always 1.
let calls = 0;

export default ({ name }) => {
  console.log('called for', name);
  return { hello: name, calls: ++calls };
};

export const fail = () => {
  throw new RangeError('no such luck');
};
`;

/** The colours are those of the page: custom properties reach into its shadow. */
const THEME = EditorView.theme({
  '&': { height: '100%', color: 'var(--text)', fontSize: '0.875rem' },
  '&.cm-focused': { outline: 'none' }, // what is around it shows the focus
  '.cm-scroller': { fontFamily: 'ui-monospace, monospace', lineHeight: '1.45' },
  '.cm-content': { caretColor: 'var(--text)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '.cm-gutters': {
    backgroundColor: 'var(--panel)',
    color: 'var(--soft)',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'transparent' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 30%, transparent)',
  },
  '.cm-tooltip, .cm-panels': { backgroundColor: 'var(--panel)', color: 'var(--text)' },
  '.tok-keyword, .tok-operator': { color: 'var(--keyword)' },
  '.tok-string, .tok-string2': { color: 'var(--string)' },
  '.tok-number, .tok-bool, .tok-atom': { color: 'var(--number)' },
  '.tok-comment': { color: 'var(--comment)', fontStyle: 'italic' },
  '.tok-definition, .tok-propertyName, .tok-typeName': { color: 'var(--name)' },
});

export class Editor {
  readonly #view: EditorView;

  constructor() {
    // In a shadow root its styles are constructed sheets, which the policy of the page allows; elsewhere they would be
    // inline ones.
    const root = byId('source', HTMLDivElement).attachShadow({ mode: 'open' });
    this.#view = new EditorView({
      doc: EXAMPLE,
      extensions: [
        basicSetup,
        javascript(),
        syntaxHighlighting(classHighlighter),
        THEME,
        EditorView.contentAttributes.of({ 'aria-label': 'Source of the function, in JavaScript' }),
      ],
      parent: root,
      root,
    });
  }

  get source(): string {
    return this.#view.state.doc.toString();
  }
}
