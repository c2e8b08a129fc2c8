/** Routes of aliases. */

import { Compile } from 'typebox/compile';
import { readBody } from '../body.js';
import { describe } from '../descriptions.js';
import { parseJson } from '../json.js';
import { JSON_TYPE, mediaType } from '../media.js';
import { badMedia, badRequest } from '../request-error.js';
import { AliasParams, bodyOf, jsonAnswer, noAnswer, responses } from '../schemas/common.js';
import { AliasBody, AliasOfOne, AliasSplit, FunctionBody } from '../schemas/functions.js';
import { nameIn, principalOf, type Routes, stateOf } from './route.js';

const MOST_BYTES = 10_000;
const ofOne = Compile(AliasOfOne);
const split = Compile(AliasSplit);

interface Weighted {
  readonly version: string;
  readonly weight: number;
}

export const aliasRoutes: Routes = (app, { functions }) => {
  app.put(
    '/v1/functions/:name/aliases/:alias',
    {
      config: { snapvmRole: 'deploy' },
      schema: {
        operationId: 'setAlias',
        summary: 'Point an alias at a version, or split it between two',
        params: AliasParams,
        body: bodyOf({ [JSON_TYPE]: AliasBody }),
        response: responses({ 200: jsonAnswer('The function.', FunctionBody) }),
      },
    },
    async (request) => {
      const { tenant } = principalOf(request);
      const name = nameIn(request);
      const type = mediaType(request.headers['content-type']);
      if (type !== JSON_TYPE) throw badMedia(type, [JSON_TYPE]);
      const targets = targetsIn(parseJson(await readBody(stateOf(request), MOST_BYTES), 'the body'));
      const info = await functions.setAlias(tenant, name, aliasIn(request.params), targets);
      return describe(info, functions.stats(tenant, name));
    },
  );

  app.delete(
    '/v1/functions/:name/aliases/:alias',
    {
      config: { snapvmRole: 'deploy' },
      schema: {
        operationId: 'removeAlias',
        summary: 'Remove an alias; `live` always exists',
        params: AliasParams,
        response: responses({ 204: noAnswer('It is removed.') }),
      },
    },
    async (request, reply) => {
      await functions.removeAlias(principalOf(request).tenant, nameIn(request), aliasIn(request.params));
      return reply.code(204).send();
    },
  );
};

function aliasIn(params: unknown): string {
  return (params as { readonly alias: string }).alias;
}

/** @throws SnapvmError `SNAPVM_SERVER_REQUEST` */
function targetsIn(body: unknown): readonly Weighted[] {
  if (ofOne.Check(body)) return [{ version: body.version, weight: 100 }];
  if (split.Check(body)) {
    const sum = body.split.reduce((total, { weight }) => total + weight, 0);
    if (sum === 100) return body.split;
    throw badRequest(`the weights of the split have the sum ${sum}; it must be 100`);
  }
  const isSplit = typeof body === 'object' && body !== null && Object.hasOwn(body, 'split');
  const [error] = (isSplit ? split : ofOne).Errors(body);
  const what = error === undefined ? 'is wrong' : `${error.instancePath} ${error.message}`;
  throw badRequest(
    `the body ${what.trim()}; it must be { "version": "…" } or { "split": [{ "version": "…", "weight": 90 }, …] }`,
  );
}
