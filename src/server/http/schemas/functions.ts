/** Schemas of deploying functions, and of what there is to know about one. */

import { Type } from 'typebox';
import { Hash, Name, Time, VersionName } from './common.js';

const Ms = Type.Number({ exclusiveMinimum: 0, maximum: 86_400_000 });
/** In bytes, but for exits. */
const SIZES = {
  heapBytes: size('Its memory.'),
  stackBytes: size('Its stack.'),
  inputBytes: size('The largest input.'),
  outputBytes: size('The largest answer.'),
  scratchBytes: size('Memory of a native guest that no call begins with.'),
  maxExits: size('How many log lines and host calls, or system calls and faults, a call may make.'),
  maxLogBytes: size('Bytes of log that are kept of a call.'),
};
const VERIFIES = 'Whether what a call begins with is compared after each call; slow.';
/** The times of a policy. */
const TIMES = {
  timeoutMs: Type.Optional(
    Type.Number({ ...Ms, description: 'Wall clock of a call. 1000 if it is left out.' }),
  ),
  cpuMs: Type.Optional(Type.Number({ ...Ms, description: 'CPU time of a call.' })),
  initTimeoutMs: Type.Optional(
    Type.Number({ ...Ms, description: 'Wall clock of what runs when it is defined.' }),
  ),
};
/** A list in one parameter. */
const CommaList = Type.String({ description: 'Names, between commas.', list: true });

/** The policy of a function, as far as a query can say it. */
const PolicyQuery = Type.Object({
  ...TIMES,
  warm: Type.Optional(
    Type.String({ description: '`true` or `false`; of a Linux program `stdin` or `false`.' }),
  ),
  ...SIZES,
  hostFunctions: Type.Optional(CommaList),
  verifyRestore: Type.Optional(Type.Boolean({ description: VERIFIES })),
  values: Type.Optional(Type.String({ description: '`json` (if it is left out) or `clone`.' })),
});

/** What a query of a deployment may say. */
export const DeployQuery = Type.Object({
  activate: Type.Optional(
    Type.Boolean({ description: 'Whether `live` points at it. True if it is left out.', default: true }),
  ),
  args: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Of a Linux program; one each time it is given.',
      repeated: true,
    }),
  ),
  env: Type.Optional(
    Type.Array(Type.String(), { description: '`NAME=VALUE`, of a Linux program; repeated.', repeated: true }),
  ),
  argv0: Type.Optional(Type.String({ description: 'The own name of a Linux program.' })),
  cwd: Type.Optional(Type.String({ description: 'Where a Linux program starts.' })),
  locales: Type.Optional(CommaList),
  ...PolicyQuery.properties,
});

/** The JSON part of a deployment: options of the source, and a policy. */
export const PolicyPart = Type.Object(
  {
    args: Type.Optional(Type.Array(Type.String())),
    env: Type.Optional(Type.Record(Type.String(), Type.String())),
    argv0: Type.Optional(Type.String()),
    cwd: Type.Optional(Type.String()),
    locales: Type.Optional(Type.Array(Type.String())),
  },
  { additionalProperties: true, description: 'Options of the source, and the policy of its calls.' },
);

/** A policy as JSON has it. The engine checks it; this says what there is. */
const Policy = Type.Object(
  {
    ...TIMES,
    warm: Type.Optional(
      Type.Unsafe<boolean | 'stdin'>({
        anyOf: [Type.Boolean(), Type.Enum(['stdin'])],
        description: 'What calls begin with: of a Linux program `stdin` or `false`.',
      }),
    ),
    ...SIZES,
    hostFunctions: Type.Optional(
      Type.Array(Type.String(), { description: 'Functions of the server that it may call.' }),
    ),
    verifyRestore: Type.Optional(Type.Boolean({ description: VERIFIES })),
    values: Type.Optional(Type.Enum(['json', 'clone'], { description: '`json` if it is left out.' })),
  },
  { title: 'Policy', additionalProperties: true, description: 'How a function may run.' },
);

/** What is deployed with its policy and its files. */
export const DeployForm = Type.Object({
  policy: Type.Optional(
    Type.Object(
      { ...PolicyPart.properties, ...Policy.properties },
      {
        title: 'DeployOptions',
        additionalProperties: true,
        description: 'Options of the source, and a policy.',
      },
    ),
  ),
  source: Type.String({ format: 'binary', description: 'Of one of the content types of a source.' }),
  files: Type.Optional(Type.String({ format: 'binary', description: 'A tar of files of a Linux program.' })),
});

const Kind = Type.Enum(['native', 'linux', 'js', 'ts']);

const VersionInfo = Type.Object(
  {
    version: Hash,
    revision: Type.Integer({ minimum: 1 }),
    kind: Kind,
    createdAt: Time,
    functions: Type.Array(Type.String(), { description: 'What it exports.' }),
    bytes: Type.Integer({ description: 'Of its source.' }),
    policy: Policy,
  },
  { title: 'FunctionVersion', description: 'A version of a function.' },
);

export const Deployed = Type.Object(
  {
    name: Name,
    created: Type.Boolean({ description: 'Whether it is a new version.' }),
    ...VersionInfo.properties,
  },
  { title: 'Deployed', description: 'The version that a deployment made, or found.' },
);

const TargetInfo = Type.Object(
  {
    version: Hash,
    revision: Type.Integer({ minimum: 1 }),
    weight: Type.Integer({ minimum: 1, maximum: 100, description: 'Of 100 calls.' }),
  },
  { title: 'AliasTarget', description: 'A version that an alias stands for.' },
);

const Counters = Type.Object(
  {
    calls: Type.Integer({ description: 'All, with those that failed.' }),
    errors: Type.Record(Type.String(), Type.Integer(), { description: 'By code.' }),
    p50Us: Type.Number({ description: 'Microseconds the guest ran: half of the calls took at most this.' }),
    p99Us: Type.Number({ description: 'The same of 99 of 100 calls.' }),
  },
  { title: 'CallCounters', description: 'Of the versions in use, since the server started.' },
);

const Summary = Type.Object(
  {
    name: Name,
    createdAt: Time,
    live: Type.Optional(Type.Array(TargetInfo, { description: 'Absent if nothing was made live yet.' })),
    kind: Type.Optional(Kind),
    counters: Type.Optional(Counters),
  },
  { title: 'FunctionSummary', description: 'A function, in a list.' },
);

export const FunctionBody = Type.Object(
  {
    ...Summary.properties,
    policy: Type.Optional(Policy),
    versions: Type.Array(VersionInfo, { description: 'Newest first, at most 100.' }),
    aliases: Type.Record(Type.String(), Type.Array(TargetInfo), { description: 'By name, `live` too.' }),
    canRollBack: Type.Boolean({ description: 'Whether `live` stood for something else before.' }),
    counters: Counters,
  },
  { title: 'FunctionInfo', description: 'A function, with its versions and aliases.' },
);

export const ListQuery = Type.Object({
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 1000, default: 100, description: 'Of one page.' }),
  ),
  after: Type.Optional(Type.String({ ...Name, description: 'The last name of the page before.' })),
  counters: Type.Optional(Type.Boolean({ description: 'Say of each what its calls came to, too.' })),
});

export const FunctionList = Type.Object(
  {
    functions: Type.Array(Summary),
    next: Type.Optional(Type.String({ description: 'Give it as `after` to get the next page.' })),
  },
  { title: 'FunctionList' },
);

const Weighted = Type.Object(
  { version: VersionName, weight: Type.Integer({ minimum: 1, maximum: 99 }) },
  { additionalProperties: false },
);

export const AliasOfOne = Type.Object({ version: VersionName }, { additionalProperties: false });
export const AliasSplit = Type.Object(
  { split: Type.Array(Weighted, { minItems: 2, maxItems: 2, description: 'Weights whose sum is 100.' }) },
  { additionalProperties: false },
);
export const AliasBody = Type.Union([AliasOfOne, AliasSplit]);

function size(description: string): ReturnType<typeof Type.Optional<ReturnType<typeof Type.Integer>>> {
  return Type.Optional(Type.Integer({ minimum: 0, description }));
}
