/** A module as one text, which is what a server takes: with the files and packages that it imports. */
import { extname, resolve } from 'node:path';
import type { BuildOptions, BuildResult, Loader, Message, Metafile, Plugin } from 'esbuild';
import { withoutPrototype } from '../base/realms.js';
import { bundleError } from '../guests/js/bundle-errors.js';
import { type Esbuild, withEsbuild } from '../guests/js/esbuild-service.js';
import { deferMissing } from '../guests/js/missing-requires.js';

/** What is sent of a module. */
export interface ModuleText {
  readonly language: 'js' | 'ts';
  readonly text: string;
  /** `false`: the file as it is. */
  readonly bundled: boolean;
}

interface Module {
  /** Absolute. */
  readonly path: string;
  readonly language: 'js' | 'ts';
}

type Result = BuildResult<BuildOptions & { readonly metafile: true; readonly write: false }>;

/** After this esbuild's process does not answer. */
const LIMITS = { ms: 120_000, bytes: Number.POSITIVE_INFINITY };
/**
 * What to send of a module. One that imports nothing, or only modules of Node, which the server has, is left as it is: its
 * errors then have the lines of the file. Anything else is bundled here, as the server has neither the folder nor its
 * packages.
 * @throws SnapvmError `SNAPVM_JS_SYNTAX`, `SNAPVM_JS_BUNDLE`, `SNAPVM_HOST_MEMORY`
 */
export async function moduleText(file: string, language: 'js' | 'ts', text: string): Promise<ModuleText> {
  const module = { path: resolve(file), language };
  const { metafile, outputFiles } = await withEsbuild((esbuild) => bundle(esbuild, module), LIMITS);
  const isPlain = !file.toLowerCase().endsWith('.tsx');
  if (isPlain && isAlone(metafile)) return { language, text, bundled: false };
  return { language: 'js', text: outputFiles[0]?.text ?? '', bundled: true };
}

/** As an ES module; a module that is CommonJS stays one, so that it keeps its names. */
async function bundle(esbuild: Esbuild, module: Module): Promise<Result> {
  try {
    const result = await build(esbuild, module, 'esm');
    return entryOf(result.metafile)?.format === 'cjs' ? await build(esbuild, module, 'cjs') : result;
  } catch (cause) {
    throw bundleError(cause, { kind: 'file', path: module.path, locales: [] }, () => undefined);
  }
}

/** A comment may name the function that makes elements. */
async function build(esbuild: Esbuild, module: Module, format: 'esm' | 'cjs'): Promise<Result> {
  const options = { ...optionsFor(module), format };
  const result = await esbuild.build(options).catch((cause: unknown) => {
    if (namesFactory(cause)) return undefined;
    throw cause;
  });
  if (result !== undefined && !namesFactory(result)) return result;
  return await esbuild.build({ ...options, jsx: 'transform' });
}

function namesFactory(result: unknown): boolean {
  const { warnings }: { warnings?: readonly Message[] } = Object(result);
  return warnings?.some(({ id }) => id === 'unsupported-jsx-comment') === true;
}

function optionsFor({ path, language }: Module) {
  // esbuild takes what options inherit for options too.
  return withoutPrototype({
    entryPoints: [path],
    outfile: 'function.js',
    write: false,
    metafile: true,
    bundle: true,
    // Modules of Node stay imports.
    platform: 'node',
    target: 'esnext',
    jsx: 'automatic',
    loader: withoutPrototype({
      ...loaderFor(path, language),
      '.js': 'jsx',
      '.mjs': 'jsx',
      '.cjs': 'jsx',
    } as const),
    define: withoutPrototype({ 'process.env.NODE_ENV': '"production"' }),
    keepNames: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'silent',
    plugins: [withoutPrototype(MISSING)],
  } as const satisfies BuildOptions);
}

/** A module may have another ending, or none, if the user says what it is. */
function loaderFor(path: string, language: 'js' | 'ts'): Readonly<Record<string, Loader>> {
  const ending = extname(path);
  return /^\.([cm]?[jt]s|[jt]sx)$/.test(ending) ? {} : { [ending]: language === 'js' ? 'jsx' : 'ts' };
}

/** Packages that packages can do without. */
const MISSING: Plugin = { name: 'missing', setup: deferMissing };

function entryOf({ inputs, outputs }: Metafile): Metafile['inputs'][string] | undefined {
  const entry = Object.values(outputs).find(({ entryPoint }) => entryPoint !== undefined)?.entryPoint;
  return entry === undefined ? undefined : inputs[entry];
}

function isAlone({ inputs }: Metafile): boolean {
  return Object.keys(inputs).length === 1;
}
