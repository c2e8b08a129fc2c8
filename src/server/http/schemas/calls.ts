/** Schemas of calls and what they answer. */

import { Type } from 'typebox';
import { CallId, Hash, Name, ProblemBody, Time } from './common.js';

/** Headers of a call. */
export const CallHeaders = Type.Object({
  'snapvm-fn': Type.Optional(
    Type.String({ description: 'Which exported function; the first if it is left out.' }),
  ),
  'snapvm-timeout-ms': Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 86_400_000,
      description: "Wall clock of the call; at most what the function's policy allows.",
    }),
  ),
  'snapvm-deadline-ms': Type.Optional(
    Type.Number({
      exclusiveMinimum: 0,
      maximum: 86_400_000,
      description: 'Milliseconds from the arrival of the request until it must have ended.',
    }),
  ),
  'snapvm-args': Type.Optional(Type.String({ description: 'Arguments of a Linux program: a JSON list.' })),
});

/** Headers of the answer to a call. */
export const ANSWER_HEADERS = {
  'snapvm-version': Type.String({ ...Hash, description: 'The version that ran.' }),
  'snapvm-revision': Type.Integer({ description: 'Its number.' }),
  'snapvm-duration-us': Type.Integer({ description: 'Microseconds the guest ran.' }),
  'snapvm-queue-us': Type.Integer({ description: 'Microseconds it waited for a worker.' }),
  'snapvm-dirty-pages': Type.Integer({ description: 'Pages that were put back before it.' }),
  'snapvm-exit-code': Type.Integer({ description: 'Of a Linux program.' }),
} as const;

const Base64 = Type.Object(
  { base64: Type.String() },
  { title: 'Base64', additionalProperties: false, description: 'Bytes.' },
);

/** What a program wrote. */
function output(description: string): ReturnType<typeof Type.Unsafe<string | { base64: string }>> {
  return Type.Unsafe({ anyOf: [Type.String(), Base64], description });
}

export const ProgramResult = Type.Object(
  {
    exitCode: Type.Integer({ description: '128 + n if signal n ended it.' }),
    signal: Type.Optional(Type.String({ description: 'The name of the signal that ended it.' })),
    stdout: output('What it wrote: text, or base64 of what is no UTF-8.'),
    stderr: output('The same, of standard error.'),
  },
  { title: 'ProgramResult', description: 'What a Linux program answers to a client that accepts JSON.' },
);

/** Of `stream`, to a client that accepts events. */
export const StreamEvents = Type.String({
  description:
    'Events: `stdout` and `stderr` with `{ "base64": "…" }`, at last `end` with `{ "exitCode": 0 }`, or `problem`.',
});

export const BatchInputs = Type.Array(Type.Unknown(), {
  maxItems: 10_000,
  description: 'An input each. Of native functions and Linux programs texts, or `{ "base64": "…" }`.',
});

const BatchAnswer = Type.Object(
  {
    status: Type.Integer({ description: 'The one that the call would have had.' }),
    result: Type.Optional(Type.Unknown({ description: 'Absent if the function answered nothing.' })),
    problem: Type.Optional(ProblemBody),
  },
  { title: 'BatchAnswer', description: 'An answer of a batch; a line has one, too.' },
);
export const BatchAnswers = Type.Array(BatchAnswer, { description: 'In the order of the inputs.' });

const State = Type.Enum(['queued', 'running', 'succeeded', 'failed', 'cancelled', 'lost'], {
  title: 'CallState',
  description: '`lost`: the server ended at once while the call ran or waited.',
});

export const CallBody = Type.Object(
  {
    id: CallId,
    function: Name,
    version: Hash,
    revision: Type.Integer({ minimum: 1 }),
    state: State,
    createdAt: Time,
    endedAt: Type.Optional(Time),
    expiresAt: Type.Optional(
      Type.String({ format: 'date-time', description: 'Until then the result is kept.' }),
    ),
    result: Type.Optional(Type.Unknown({ description: 'Of a call that succeeded, and answered something.' })),
    resultBase64: Type.Optional(Type.String({ description: 'A result of bytes.' })),
    problem: Type.Optional(ProblemBody),
  },
  { title: 'AsyncCall', description: 'An asynchronous call.' },
);

export const Queued = Type.Object(
  { id: CallId, state: State },
  { title: 'QueuedCall', description: 'An asynchronous call that was taken.' },
);

export const Health = Type.Object({ status: Type.String({ description: '`ok`.' }) }, { title: 'Health' });
export const Readiness = Type.Object(
  {
    status: Type.String({ description: '`ready` or `draining`.' }),
    problems: Type.Optional(
      Type.Integer({ description: 'Files that could not be read, and were moved aside.' }),
    ),
  },
  { title: 'Readiness' },
);
