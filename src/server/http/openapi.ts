/** The OpenAPI document, from the schemas of the routes. */

import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI document of snapvm's routes, as JSON. */
    snapvmOpenApi(): string;
  }
}

/** Describes the routes that are added from now on. */
export async function setOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    decorator: 'snapvmDocument' as never,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'snapvm',
        version,
        description: 'Deploys functions and calls them, each call in a micro-VM of its own state.',
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
  });
  let text: string | undefined;
  app.decorate('snapvmOpenApi', () => {
    text ??= JSON.stringify((app as unknown as { snapvmDocument(): object }).snapvmDocument());
    return text;
  });
}
