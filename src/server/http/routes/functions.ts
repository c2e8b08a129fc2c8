/** Routes of functions: deploy, list, describe, remove, roll back. */

import { withinCeilings } from '../ceilings.js';
import { readDeployment } from '../deployment.js';
import { countersOf, describe, summarise } from '../descriptions.js';
import { FORM_TYPE, SOURCE_TYPES } from '../media.js';
import { countingRefusals } from '../refusals.js';
import { Bytes, bodyOf, FunctionParams, jsonAnswer, noAnswer, responses, Text } from '../schemas/common.js';
import {
  Deployed,
  DeployForm,
  DeployQuery,
  FunctionBody,
  FunctionList,
  ListQuery,
} from '../schemas/functions.js';
import type { Services } from '../services.js';
import { nameIn, principalOf, type Routes, stateOf } from './route.js';

const SOURCES = Object.fromEntries(
  SOURCE_TYPES.map((type) => [type, type.startsWith('application/vnd') ? Bytes : Text]),
);

interface ListGiven {
  readonly limit?: number;
  readonly after?: string;
  readonly counters?: boolean;
}

export const functionRoutes: Routes = (app, services) => {
  const { functions } = services;
  app.put(
    '/v1/functions/:name',
    {
      config: { snapvmRole: 'deploy' },
      schema: {
        operationId: 'deploy',
        summary: 'Deploy a version of a function',
        params: FunctionParams,
        querystring: DeployQuery,
        body: bodyOf({ ...SOURCES, [FORM_TYPE]: DeployForm }),
        response: responses({
          200: jsonAnswer('The same version was there, and is live again.', Deployed),
          201: jsonAnswer('A new version.', Deployed),
        }),
      },
    },
    async (request, reply) => {
      const { tenant } = principalOf(request);
      const name = nameIn(request);
      const { activate = true } = request.query as { readonly activate?: boolean };
      const { source, policy: asked } = await readDeployment(
        request,
        stateOf(request),
        services.bodyBytes(tenant),
      );
      const policy = withinCeilings(services.mostPolicy, source.kind, asked);
      const { version, created } = await functions.deploy(
        { tenant, name, activate, source, policy },
        (usage, more) =>
          countingRefusals(services, tenant, () =>
            services.quotas.admitDeployment(tenant, usage, more.bytes, more.functions > 0 ? 1 : 0),
          ),
      );
      return reply.code(created ? 201 : 200).send({ name, created, ...version });
    },
  );

  app.get(
    '/v1/functions',
    {
      config: { snapvmRole: 'call' },
      schema: {
        operationId: 'listFunctions',
        summary: 'List functions by name',
        querystring: ListQuery,
        response: responses({ 200: jsonAnswer('A page of functions.', FunctionList) }),
      },
    },
    async (request) => {
      const { limit = 100, after, counters } = request.query as ListGiven;
      const { tenant } = principalOf(request);
      const page = functions.list(tenant, { limit, ...(after !== undefined && { after }) });
      return {
        functions: page.functions.map((info) => ({
          ...summarise(info),
          ...(counters === true && { counters: countersOf(functions.stats(tenant, info.name)) }),
        })),
        ...(page.next !== undefined && { next: page.next }),
      };
    },
  );

  app.get(
    '/v1/functions/:name',
    {
      config: { snapvmRole: 'call' },
      schema: {
        operationId: 'getFunction',
        summary: 'Describe a function',
        params: FunctionParams,
        response: responses({ 200: jsonAnswer('The function.', FunctionBody) }),
      },
    },
    async (request) => describeNamed(services, principalOf(request).tenant, nameIn(request)),
  );

  app.delete(
    '/v1/functions/:name',
    {
      config: { snapvmRole: 'deploy' },
      schema: {
        operationId: 'removeFunction',
        summary: 'Remove a function; calls on their way end',
        params: FunctionParams,
        response: responses({ 204: noAnswer('It is removed.') }),
      },
    },
    async (request, reply) => {
      const { tenant } = principalOf(request);
      const name = nameIn(request);
      await functions.remove(tenant, name);
      services.metrics.functionRemoved(tenant, name);
      services.logs.functionRemoved(tenant, name);
      return reply.code(204).send();
    },
  );

  app.post(
    '/v1/functions/:name/rollback',
    {
      config: { snapvmRole: 'deploy' },
      schema: {
        operationId: 'rollBack',
        summary: 'Point `live` at what it pointed at before its last change',
        params: FunctionParams,
        response: responses({ 200: jsonAnswer('The function.', FunctionBody) }),
      },
    },
    async (request) => {
      const { tenant } = principalOf(request);
      await functions.rollback(tenant, nameIn(request));
      return describeNamed(services, tenant, nameIn(request));
    },
  );
};

function describeNamed({ functions }: Services, tenant: string, name: string): object {
  return describe(functions.get(tenant, name), functions.stats(tenant, name));
}
