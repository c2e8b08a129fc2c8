/** The OpenAPI document, from the schemas of the routes. */

import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { complete } from './document.js';

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI document of snapvm's routes, as JSON. */
    snapvmOpenApi(): string;
  }
}

interface Documented {
  snapvmDocument(): object;
}

const DESCRIPTION =
  'Deploys functions and calls them, each call in a micro-VM of its own state. What fails is answered with a problem ' +
  '(RFC 9457) whose `code` is stable. A client that hangs up ends its call.';

/** Describes the routes that are added from now on. */
export async function setOpenApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    decorator: 'snapvmDocument' as never,
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'snapvm',
        version,
        description: DESCRIPTION,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } as never, // of 3.1; the package's types are of 3.0
      },
      servers: [{ url: '/', description: 'This server.' }],
      components: {
        securitySchemes: {
          token: {
            type: 'http',
            scheme: 'bearer',
            description:
              'A token; a server without tokens needs none. What a route needs, its description says.',
          },
        },
      },
      security: [{ token: [] }],
    },
    transform: ({ schema, url, route }) => {
      const role = route.config?.snapvmRole;
      if (role === undefined || role === 'none') return { schema, url };
      return { schema: { ...schema, description: `Needs the role \`${role}\`.` }, url };
    },
  });
  let text: string | undefined;
  app.decorate('snapvmOpenApi', () => {
    text ??= JSON.stringify(complete((app as unknown as Documented).snapvmDocument()));
    return text;
  });
}
