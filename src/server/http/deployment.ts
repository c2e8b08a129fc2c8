/** What a deployment gives: its source and its policy, out of a body and a query. */

import type { FastifyRequest } from 'fastify';
import { Compile } from 'typebox/compile';
import { checkObject } from '../../base/checks.js';
import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { withoutPrototype } from '../../base/realms.js';
import type { GivenSource, SourceKind } from '../functions/model.js';
import { readBody } from './body.js';
import { parseJson } from './json.js';
import { FORM_TYPE, JSON_TYPE, mediaType, SOURCE_TYPES, sourceKind } from './media.js';
import { type Part, readForm } from './multipart.js';
import { badMedia, badRequest } from './request-error.js';
import { PolicyPart } from './schemas/functions.js';
import type { RequestState } from './state.js';
import { readTar } from './tar.js';

type Options = Readonly<Record<string, unknown>>;

/** A source, and the policy of its calls. */
export interface Given {
  readonly source: GivenSource;
  readonly policy: Options;
}

const SOURCE_OPTIONS = ['args', 'argv0', 'env', 'cwd', 'locales'] as const;
const policyPart = Compile(PolicyPart);

/**
 * Reads what is deployed.
 * @throws SnapvmError `SNAPVM_SERVER_REQUEST`, `_MEDIA`, `_TOO_LARGE`, `SNAPVM_HOST_MEMORY`
 */
export async function readDeployment(
  request: FastifyRequest,
  state: RequestState,
  most: number,
): Promise<Given> {
  const { activate: _, ...query } = request.query as Options;
  const options = fromQuery(query);
  const type = mediaType(request.headers['content-type']);
  if (type === FORM_TYPE) return await formDeployment(await readForm(request, state, most), options);
  const kind = sourceKind(type);
  if (kind === undefined) throw badMedia(type, [...SOURCE_TYPES, FORM_TYPE]);
  const body = await readBody(state, most);
  return given(kind, body, options);
}

async function formDeployment(parts: ReadonlyMap<string, Part>, query: Options): Promise<Given> {
  const source = parts.get('source');
  if (source === undefined) throw badRequest('the form has no part "source"');
  const kind = sourceKind(mediaType(source.type));
  if (kind === undefined) throw badMedia(source.type, SOURCE_TYPES);
  const policy = parts.get('policy');
  const options = policy === undefined ? query : together(readPolicy(policy), query);
  const tar = parts.get('files');
  if (tar === undefined) return given(kind, source.bytes, options);
  if (kind !== 'linux') throw badRequest('only Linux programs have files; leave the part "files" out');
  return given(kind, source.bytes, { ...options, files: await readTar(tar.bytes) });
}

function readPolicy({ type, bytes }: Part): Options {
  const media = mediaType(type);
  // A part of a form without a content type is text.
  if (media !== JSON_TYPE && media !== 'text/plain') throw badMedia(type, [JSON_TYPE]);
  const policy = parseJson(bytes, 'the part "policy"');
  if (!policyPart.Check(policy)) {
    const [error] = policyPart.Errors(policy);
    throw badRequest(`the part "policy"${error?.instancePath ?? ''} ${error?.message ?? 'is wrong'}`);
  }
  if (Object.hasOwn(policy, 'files')) throw badRequest('files are a part of the form: "files", a tar');
  return checkObject('policy', policy);
}

function together(policy: Options, query: Options): Options {
  const twice = Object.keys(query).find((name) => Object.hasOwn(policy, name));
  if (twice !== undefined) throw badRequest(`${show(twice)} is in the query and in the part "policy"`);
  return { ...policy, ...query };
}

function given(kind: SourceKind, body: Uint8Array, options: Options): Given {
  if (body.length === 0) throw badRequest('the source is empty');
  const { args, argv0, env, cwd, locales, files, ...policy } = options;
  const own = { args, argv0, env, cwd, locales, files };
  const foreign = SOURCE_OPTIONS.find(
    (name) => own[name] !== undefined && belongsTo(name) !== familyOf(kind),
  );
  if (foreign !== undefined) {
    const message = `${foreign} is an option of ${belongsTo(foreign) === 'js' ? 'JavaScript functions' : 'Linux programs'}`;
    throw new SnapvmError('SNAPVM_CONFIG_UNKNOWN', message, { option: foreign });
  }
  const defined = Object.entries(own).filter(([, value]) => value !== undefined);
  return { source: { kind, body, ...Object.fromEntries(defined) }, policy: withoutPrototype(policy) };
}

function belongsTo(option: (typeof SOURCE_OPTIONS)[number]): 'js' | 'linux' {
  return option === 'locales' ? 'js' : 'linux';
}

function familyOf(kind: SourceKind): 'js' | 'linux' | 'native' {
  return kind === 'ts' ? 'js' : kind;
}

/** Options as the JSON part has them. */
function fromQuery(query: Options): Options {
  const { env, warm, ...others } = query;
  return {
    ...others,
    ...(warm !== undefined && { warm: readWarm(warm) }),
    ...(env !== undefined && { env: readEnv(env as readonly string[]) }),
  };
}

function readWarm(warm: unknown): unknown {
  if (warm === 'true') return true;
  return warm === 'false' ? false : warm; // the engine says what else there is
}

function readEnv(given: readonly string[]): Readonly<Record<string, string>> {
  const variables = given.map((text) => {
    const end = text.indexOf('=');
    if (end < 1) throw badRequest(`the query parameter "env" is ${show(text)}; it must be NAME=VALUE`);
    return [text.slice(0, end), text.slice(end + 1)] as const;
  });
  return Object.fromEntries(variables);
}
