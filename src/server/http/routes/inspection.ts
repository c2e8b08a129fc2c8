/** Routes that look into a function: the lines it wrote, and the memory its calls start from. */

import { hex, rightsText } from '../../../base/numbers.js';
import { summarisePages } from '../../../snapshot/page-summary.js';
import type { Selected } from '../../functions/model.js';
import type { Naming } from '../../functions/versions.js';
import { lineBody, sendLines } from '../log-stream.js';
import { EVENTS_TYPE } from '../media.js';
import { countingRefusals } from '../refusals.js';
import { FunctionParams, jsonAnswer, responses, VersionQuery } from '../schemas/common.js';
import { LogEvents, LogLines, LogsQuery, MemoryMap } from '../schemas/inspection.js';
import { nameIn, principalOf, type Routes, stateOf } from './route.js';

export const inspectionRoutes: Routes = (app, services) => {
  const { functions, logs, drain } = services;
  app.get(
    '/v1/functions/:name/logs',
    {
      exposeHeadRoute: false, // in an app that has it for all: one that follows would not end
      config: { snapvmRole: 'deploy' },
      schema: {
        operationId: 'getLogs',
        summary: 'The last lines that a function wrote, or those that come',
        params: FunctionParams,
        querystring: LogsQuery,
        response: responses({
          200: {
            description: 'The lines; events if they are followed.',
            content: {
              'application/json': { schema: LogLines },
              [EVENTS_TYPE]: { schema: LogEvents },
            },
          },
        }),
      },
    },
    async (request, reply) => {
      const { tenant } = principalOf(request);
      const { name } = functions.get(tenant, nameIn(request));
      const { follow, limit } = request.query as { readonly follow?: boolean; readonly limit?: number };
      const all = logs.lines(tenant, name);
      const kept = limit === undefined ? all : all.slice(Math.max(0, all.length - limit));
      if (follow !== true) return { lines: kept.map(lineBody) };
      const follower = countingRefusals(services, tenant, () => logs.follow(tenant, name));
      drain.ended(stateOf(request)); // who follows holds no end of the server up
      await sendLines(reply, kept, follower);
      return reply;
    },
  );

  app.get(
    '/v1/functions/:name/memory',
    {
      config: { snapvmRole: 'deploy' },
      schema: {
        operationId: 'getMemory',
        summary: 'The memory that every call of a version starts from',
        params: FunctionParams,
        querystring: VersionQuery,
        response: responses({ 200: jsonAnswer('The map.', MemoryMap) }),
      },
    },
    async (request) => {
      const name = nameIn(request);
      const selected = await functions.select(principalOf(request).tenant, name, request.query as Naming);
      try {
        return { name, ...memoryOf(selected) };
      } finally {
        selected.release();
      }
    },
  );
};

function memoryOf({ handle, version }: Selected): object {
  const { snapshot, snapshotBytes } = handle;
  const { privilege, regions } = snapshot.layout;
  const { tables, bytes, pages } = summarisePages(snapshot);
  return {
    version: version.version,
    revision: version.revision,
    privilege,
    regions: regions.map((region) => ({
      name: region.name,
      gpa: hex(region.gpa),
      gva: hex(region.gva),
      bytes: region.bytes,
      rights: rightsText(region.flags),
      ring: region.user ? 3 : 0,
    })),
    pageTables: { tables, bytes, pages },
    snapshotBytes,
  };
}
