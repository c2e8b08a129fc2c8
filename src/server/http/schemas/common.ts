/** Schemas that many routes share. */

import { Type } from 'typebox';

export const Name = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$',
  description: '1 to 64 letters, digits, `_`, `.` and `-`; a letter or a digit first.',
});

export const Hash = Type.String({
  pattern: '^[0-9a-f]{64}$',
  description: 'The hash of all it is built from.',
});

export const VersionName = Type.String({
  pattern: '^([0-9a-f]{12,64}|[1-9][0-9]{0,8})$',
  description: 'A version: its hash, at least 12 first digits of it, or the number of its revision.',
});

export const Time = Type.String({ format: 'date-time' });

export const CallId = Type.String({
  pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
  description: 'The id of an asynchronous call.',
});

/** Of all routes below one function. */
export const FunctionParams = Type.Object({ name: Name });
export const AliasParams = Type.Object({ name: Name, alias: Name });
export const CallParams = Type.Object({ id: CallId });

/** Which version is called. */
export const VersionQuery = Type.Object({
  alias: Type.Optional(
    Type.String({ ...Name, description: 'The alias that is called; `live` if it is left out.' }),
  ),
  version: Type.Optional(VersionName),
});

/** How a call is answered, too. */
export const CallQuery = Type.Object({
  ...VersionQuery.properties,
  stream: Type.Optional(
    Type.Boolean({ description: "Send a Linux program's standard output as it is written." }),
  ),
});

export const ProblemBody = Type.Object(
  {
    type: Type.String({ description: '`urn:snapvm:error:` and the code.' }),
    title: Type.String({ description: 'What the code means.' }),
    status: Type.Integer({ description: 'The status of the answer.' }),
    detail: Type.String({ description: 'What went wrong this time.' }),
    code: Type.String({ description: 'A stable code; docs/errors.md lists them.' }),
    instance: Type.String({ description: 'The id of the request.' }),
    function: Type.Optional(Type.String({ description: 'The function that was called.' })),
    fn: Type.Optional(Type.String({ description: 'Which of its exports.' })),
    thrown: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'What a JavaScript function threw.' }),
    ),
    details: Type.Optional(
      Type.Record(Type.String(), Type.Unknown(), { description: 'The values in the message.' }),
    ),
  },
  { title: 'Problem', description: 'What went wrong, as RFC 9457 says it.' },
);

/** Bytes, as a body. */
export const Bytes = Type.String({ format: 'binary' });
/** The text of a module, say. */
export const Text = Type.String();
export const AnyJson = Type.Unknown({ description: 'Any JSON.' });

/** A JSON answer. */
export function jsonAnswer(description: string, schema: object, headers: object = {}): object {
  return {
    description,
    headers,
    content: { 'application/json': { schema } },
  };
}

/** An answer without a body. */
export function noAnswer(description: string): object {
  return { description, type: 'null' };
}

/** Responses of a route; schemas/operations.ts says which problems it may have beside. */
export function responses(good: Readonly<Record<string, object>>): Record<string, object> {
  return { ...good };
}

/** A body of one of several content types. */
export function bodyOf(
  types: Readonly<Record<string, object>>,
  description?: string,
): { readonly content: Readonly<Record<string, { readonly schema: object }>> } {
  return {
    ...(description !== undefined && { description }),
    content: Object.fromEntries(Object.entries(types).map(([type, schema]) => [type, { schema }])),
  };
}
