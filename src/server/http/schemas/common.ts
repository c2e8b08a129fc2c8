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
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String(),
    code: Type.String({ description: 'A stable code; docs/errors.md lists them.' }),
    instance: Type.String({ description: 'The id of the request.' }),
    function: Type.Optional(Type.String()),
    fn: Type.Optional(Type.String()),
    thrown: Type.Optional(Type.Unknown({ description: 'What a JavaScript function threw.' })),
    details: Type.Optional(Type.Unknown()),
  },
  { description: 'RFC 9457.' },
);

/** Bytes, as a body. */
export const Bytes = Type.String({ format: 'binary' });
/** The text of a module, say. */
export const Text = Type.String();
export const AnyJson = Type.Unknown({ description: 'Any JSON.' });

/** What is in every answer. */
const COMMON_HEADERS = { 'x-request-id': Type.String({ description: 'The id of the request.' }) };

const PROBLEM = {
  description: 'A problem: a function failed (422), or the request, or the server. `code` says why.',
  content: { 'application/problem+json': { schema: ProblemBody } },
} as const;

/** A JSON answer. */
export function jsonAnswer(description: string, schema: object, headers: object = {}): object {
  return {
    description,
    headers: { ...COMMON_HEADERS, ...headers },
    content: { 'application/json': { schema } },
  };
}

/** An answer without a body. */
export function noAnswer(description: string): object {
  return { description, type: 'null' };
}

/** Responses of a route, with the problems that any may have. */
export function responses(good: Readonly<Record<string, object>>): Record<string, object> {
  return { ...good, '4xx': PROBLEM, '5xx': PROBLEM };
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
