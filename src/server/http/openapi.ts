/** The OpenAPI document, from the schemas of the routes. */

import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

declare module 'fastify' {
  interface FastifyInstance {
    /** The OpenAPI document of snapvm's routes, as JSON. */
    snapvmOpenApi(): string;
  }
}

interface Documented {
  snapvmDocument(): Document;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly operationId: string;
  readonly requestBody?: { required: boolean };
}

/** A call may have no input; Fastify's schemas cannot say that of a body. */
const OPTIONAL_BODIES = ['call', 'callAsync'];

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
    text ??= JSON.stringify(withOptionalBodies((app as unknown as Documented).snapvmDocument()));
    return text;
  });
}

function withOptionalBodies(document: Document): Document {
  for (const path of Object.values(document.paths)) {
    for (const { operationId, requestBody } of Object.values(path)) {
      if (requestBody !== undefined && OPTIONAL_BODIES.includes(operationId)) requestBody.required = false;
    }
  }
  return document;
}
