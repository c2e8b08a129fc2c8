/** Routes of asynchronous calls that were taken. */

import { CallBody, Queued } from '../schemas/calls.js';
import { CallParams, jsonAnswer, responses } from '../schemas/common.js';
import { principalOf, type Routes, sendJson } from './route.js';

export const callRoutes: Routes = (app, { calls }) => {
  app.get(
    '/v1/calls/:id',
    {
      config: { snapvmRole: 'call' },
      schema: {
        operationId: 'getCall',
        summary: 'How an asynchronous call stands, and what came of it',
        params: CallParams,
        response: responses({ 200: jsonAnswer('The call.', CallBody) }),
      },
    },
    async (request, reply) =>
      sendJson(reply, await calls.read(principalOf(request).tenant, idIn(request.params))),
  );

  app.delete(
    '/v1/calls/:id',
    {
      config: { snapvmRole: 'call' },
      schema: {
        operationId: 'cancelCall',
        summary: 'Cancel an asynchronous call; one that has ended stays as it is',
        params: CallParams,
        response: responses({ 200: jsonAnswer('Its state.', Queued) }),
      },
    },
    async (request) => {
      const { id, state } = await calls.cancel(principalOf(request).tenant, idIn(request.params));
      return { id, state };
    },
  );
};

function idIn(params: unknown): string {
  return (params as { readonly id: string }).id;
}
