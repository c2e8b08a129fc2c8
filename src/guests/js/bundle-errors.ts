/** What esbuild cannot do, in words that help. */
import type { Location, Message } from 'esbuild';
import { SnapvmError } from '../../base/errors.js';
import type { OwnImport } from './import-trail.js';
import { ENTRY, NO_DIRECTORY, NO_PACKAGES, NOT_A_PACKAGE, packageOf, TEXT } from './names.js';
import type { CheckedJsSource } from './source.js';

/** Messages of esbuild that are about other modules than the one they point at. */
const ABOUT_IMPORTS =
  /^(?:Could not (?:resolve|read|load)|No matching export|No loader is configured|Cannot (?:read|import)|Cannot use "[^"]*" as a URL)/;
const UNRESOLVED = /^Could not resolve "(.*)"/s;
/** Notes of esbuild about options that a function's author does not have. */
const ADVICE = /\besbuild\b|\bloader\b|\bexternal\b|\bplugin\b|\btsconfig/;
const MOST_SHOWN = 5;
const MOST_LINE = 200;

/** An error for what esbuild threw. */
export function bundleError(
  cause: unknown,
  source: CheckedJsSource,
  ownImport: (file: string) => OwnImport | undefined,
): unknown {
  const found = messagesOf(cause);
  // What a plugin of ours threw.
  const own = found.find(({ detail }) => detail instanceof SnapvmError);
  if (own !== undefined) return own.detail;
  const messages = source.kind === 'text' ? found.map(withoutContents) : found;
  const [first] = messages;
  if (first === undefined) return cause;
  const aboutImports = messages.find(({ text }) => ABOUT_IMPORTS.test(text));
  const told = aboutImports ?? first;
  const location = told.location ?? undefined;
  const led = location && ownImport(location.file);
  const details = {
    file: location && fileOf(location),
    line: location?.line,
    column: location && location.column + 1,
    import: UNRESOLVED.exec(told.text)?.[1],
    importedBy: led && ownPlace(led),
  };
  const more = messages.length > MOST_SHOWN ? `\n… and ${messages.length - MOST_SHOWN} more` : '';
  const text = messages.slice(0, MOST_SHOWN).map((message) => describe(message, source, ownImport));
  return new SnapvmError(
    aboutImports === undefined ? 'SNAPVM_JS_SYNTAX' : 'SNAPVM_JS_BUNDLE',
    `${text.join('\n')}${more}`,
    details,
    // esbuild's own error has lines of files.
    source.kind === 'text' ? {} : { cause },
  );
}

/** The files that esbuild's errors are about. */
export function locationsOf(cause: unknown): readonly string[] {
  return messagesOf(cause).flatMap(({ location }) => location?.file ?? []);
}

/** What esbuild's errors say. The place in the module that imports the user's is nobody's business. */
export function messagesOf(cause: unknown): readonly Message[] {
  const { errors }: { errors?: unknown } = Object(cause);
  if (!Array.isArray(errors)) return [];
  return (errors as readonly Message[]).map((message) =>
    message.location?.file === ENTRY ? { ...message, location: null } : message,
  );
}

/** The author of a text sees lines and words of the text only. */
function withoutContents(message: Message): Message {
  const { location, text } = message;
  if (location === null || location.file.startsWith(TEXT)) return message;
  const told = ABOUT_IMPORTS.test(text) ? text : 'it cannot be parsed';
  return { ...message, text: told, location: { ...location, lineText: '' }, notes: [] };
}

function describe(
  { text, location, notes, detail }: Message,
  source: CheckedJsSource,
  ownImport: (file: string) => OwnImport | undefined,
): string {
  const hint = hintFor(text, source, detail);
  const note = UNRESOLVED.test(text) ? undefined : notes.find((one) => !ADVICE.test(one.text));
  const remark = note === undefined ? '' : `\n${note.text}`;
  const sentence = `${text}${hint === '' ? '' : `; ${hint}`}`;
  if (location === null) return sentence;
  const { line, column, lineText } = location;
  // Columns are counted in bytes of UTF-8.
  const before = Buffer.from(lineText).subarray(0, column).toString();
  const hidden = lineText === '' || lineText.length > MOST_LINE;
  const shown = hidden ? '' : `\n  ${lineText}\n  ${before.replaceAll(/[^\t]/g, ' ')}^`;
  const led = ownImport(location.file);
  const trail =
    led === undefined
      ? ''
      : `\n  (it is there for the import of ${JSON.stringify(led.path)} in ${ownPlace(led)})`;
  return `${fileOf(location)}:${line}:${column + 1}: ${sentence}${shown}${remark}${trail}`;
}

function hintFor(text: string, source: CheckedJsSource, detail: unknown): string {
  const wanted = UNRESOLVED.exec(text)?.[1];
  if (wanted === undefined) {
    const isPath = source.kind === 'text' && /^[\w./@-]+\.[cm]?[jt]sx?$/.test(source.text.trim());
    return isPath
      ? `if that is meant to be a file, write { file: ${JSON.stringify(source.text.trim())} }`
      : '';
  }
  if (/^(?:node:|_(?:http|stream|tls)_)/.test(wanted)) {
    return 'a function in a guest does not have this module of Node; what it needs of the host are host functions';
  }
  if (wanted === 'snapvm') return 'what the host offers is in the global "host"';
  if (detail === NO_DIRECTORY) {
    return 'packages are looked for from the working directory, which was removed or is out of reach';
  }
  if (detail === NO_PACKAGES)
    return 'this text may import no packages and no files; bundle them into it (with esbuild, say)';
  if (detail === NOT_A_PACKAGE)
    return 'a text imports packages only; to import files, give the module as { file }';
  if (/^\.{0,2}\//.test(wanted)) return 'there is no such file';
  return `install the package (npm install ${packageOf(wanted)}) where the function can find it`;
}

/** Texts are shown without the namespace that esbuild gives them. */
function fileOf({ file }: Location): string {
  return file.startsWith(TEXT) ? file.slice(TEXT.length) : file;
}

function ownPlace({ file }: OwnImport): string {
  return file.startsWith(TEXT) ? file.slice(TEXT.length) : file;
}
