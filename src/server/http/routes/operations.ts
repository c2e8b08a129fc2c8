/** Routes of those who run the server: health, metrics, the description of the API. */

import { Health, Readiness } from '../schemas/calls.js';
import { jsonAnswer, responses } from '../schemas/common.js';
import { type Routes, sendJson } from './route.js';

export const operationRoutes: Routes = (app, services) => {
  app.get(
    '/healthz',
    {
      exposeHeadRoute: true,
      config: { snapvmRole: 'none' },
      schema: {
        security: [],
        operationId: 'health',
        summary: 'Whether the server lives',
        response: responses({ 200: jsonAnswer('It lives.', Health) }),
      },
    },
    async () => ({ status: 'ok' }),
  );

  app.get(
    '/readyz',
    {
      exposeHeadRoute: true,
      config: { snapvmRole: 'none' },
      schema: {
        security: [],
        operationId: 'readiness',
        summary: 'Whether the server takes requests',
        response: responses({
          200: jsonAnswer('It does.', Readiness),
          503: jsonAnswer('It is ending.', Readiness),
        }),
      },
    },
    async (_, reply) => {
      if (services.drain.isOn) return reply.code(503).send({ status: 'draining' });
      const problems = services.functions.problems.length + services.calls.problems.length;
      return { status: 'ready', ...(problems > 0 && { problems }) };
    },
  );

  app.get(
    '/metrics',
    {
      config: { snapvmRole: 'admin' },
      schema: {
        operationId: 'metrics',
        summary: 'Metrics, as Prometheus reads them',
        response: responses({
          200: { description: 'The metrics.', content: { 'text/plain': { schema: { type: 'string' } } } },
        }),
      },
    },
    async (_, reply) => {
      services.metrics.collect(services.engine.stats());
      return reply.header('content-type', services.metrics.contentType).send(await services.metrics.text());
    },
  );

  app.get(
    '/openapi.json',
    {
      config: { snapvmRole: 'none' },
      schema: {
        security: [],
        operationId: 'openapi',
        summary: 'This description',
        response: responses({ 200: jsonAnswer('An OpenAPI 3.1 document.', {}) }),
      },
    },
    async (_, reply) => sendJson(reply, app.snapvmOpenApi()),
  );
};
