/** Checks of paths and queries by their schemas. Bodies and headers are checked where they are read. */

import type { FastifySchemaCompiler } from 'fastify';
import { SnapvmError } from '../../base/errors.js';
import { show } from '../../base/numbers.js';
import { suggest } from '../../base/suggest.js';
import { badRequest } from './request-error.js';

/** A schema of one value, as far as these checks read it. */
interface ValueSchema {
  readonly type?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  /** It is a list, with commas. */
  readonly list?: boolean;
  /** It is a list of parameters of the same name. */
  readonly repeated?: boolean;
}

type Given = Readonly<Record<string, string | readonly string[]>>;
type Read = (name: string, given: string | readonly string[]) => unknown;

const passes = (): true => true;

/** Makes what Fastify checks a part of a request with. */
export const compileCheck: FastifySchemaCompiler<object> = ({ schema, httpPart }) => {
  if (httpPart === 'params') return checking(paramsCheck(schemas(schema)));
  if (httpPart === 'querystring') return checking(queryCheck(schemas(schema)));
  return passes;
};

function schemas(schema: object): ReadonlyMap<string, ValueSchema> {
  const { properties = {} } = schema as { properties?: Readonly<Record<string, ValueSchema>> };
  return new Map(Object.entries(properties));
}

function checking(
  read: (given: Given) => unknown,
): (given: unknown) => { value: unknown } | { error: Error } {
  return (given) => {
    try {
      return { value: read(given as Given) };
    } catch (error) {
      return { error: error as Error };
    }
  };
}

function paramsCheck(properties: ReadonlyMap<string, ValueSchema>): (given: Given) => unknown {
  const patterns = [...properties].map(
    ([name, { pattern = '' }]) => [name, new RegExp(pattern, 'u')] as const,
  );
  return (given) => {
    for (const [name, pattern] of patterns) {
      const value = given[name];
      if (typeof value !== 'string' || !pattern.test(value)) throw badName(name, value);
    }
    return given;
  };
}

/** @throws SnapvmError what is wrong with a part of a path */
function badName(param: string, value: unknown): SnapvmError {
  if (param === 'id')
    return new SnapvmError('SNAPVM_SERVER_UNKNOWN', `${show(value)} is not the id of an asynchronous call`);
  const what = param === 'alias' ? 'an alias' : 'a function';
  return new SnapvmError(
    'SNAPVM_SERVER_NAME',
    `${show(value)} is no name of ${what}; it must be 1 to 64 letters, digits, _, . and -, a letter or a digit first`,
    { option: param },
  );
}

function queryCheck(properties: ReadonlyMap<string, ValueSchema>): (given: Given) => unknown {
  const readers = new Map([...properties].map(([name, schema]) => [name, readerOf(schema)]));
  const known = [...properties.keys()];
  return (given) => {
    const values: Record<string, unknown> = {};
    for (const name of Object.keys(given)) {
      const read = readers.get(name);
      if (read === undefined) {
        const hint = known.length === 0 ? 'this route takes none' : suggest(name, known);
        throw badRequest(`there is no query parameter ${show(name)} here; ${hint}`);
      }
      values[name] = read(name, given[name] as string | readonly string[]);
    }
    return values;
  };
}

function readerOf(schema: ValueSchema): Read {
  const { type, list, repeated } = schema;
  if (repeated) return (_, given) => (typeof given === 'string' ? [given] : given);
  const read = list ? readList : (READERS.get(type ?? 'string') as (schema: ValueSchema) => Read)(schema);
  return (name, given) => {
    if (typeof given !== 'string')
      throw badRequest(`the query parameter ${show(name)} is given more than once`);
    return read(name, given);
  };
}

const READERS: ReadonlyMap<string, (schema: ValueSchema) => Read> = new Map([
  ['boolean', () => readBoolean],
  ['integer', numberReader],
  ['number', numberReader],
  ['string', textReader],
]);

function readList(_name: string, given: unknown): readonly string[] {
  return String(given).split(',');
}

function readBoolean(name: string, given: unknown): boolean {
  if (given === 'true' || given === '1') return true;
  if (given === 'false' || given === '0') return false;
  throw badValue(name, given, 'true or false');
}

function numberReader({
  type,
  minimum,
  exclusiveMinimum,
  maximum = Number.MAX_SAFE_INTEGER,
}: ValueSchema): Read {
  const whole = type === 'integer';
  const from = exclusiveMinimum === undefined ? `from ${minimum ?? 0}` : `above ${exclusiveMinimum}`;
  const allowed = `a ${whole ? 'whole ' : ''}number ${from} to ${maximum}`;
  return (name, given) => {
    const value = /^\d{1,15}(\.\d{1,9})?$/.test(given as string) ? Number(given) : Number.NaN;
    const above = exclusiveMinimum === undefined ? value >= (minimum ?? 0) : value > exclusiveMinimum;
    if (above && value <= maximum && (!whole || Number.isInteger(value))) return value;
    throw badValue(name, given, allowed);
  };
}

function textReader({ pattern }: ValueSchema): Read {
  const allowed = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  return (name, given) => {
    if (allowed === undefined || allowed.test(given as string)) return given;
    if (name === 'alias' || name === 'after') throw badName('alias', given);
    throw badValue(
      name,
      given,
      'a version: its hash, at least 12 digits of it, or the number of its revision',
    );
  };
}

function badValue(name: string, given: unknown, allowed: string): SnapvmError {
  return badRequest(`the query parameter ${show(name)} is ${show(given)}; it must be ${allowed}`);
}
