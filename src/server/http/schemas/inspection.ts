/** Schemas of what is inside a function: the lines it wrote, and the memory it starts from. */

import { Type } from 'typebox';
import { Hash, Name, Time } from './common.js';

export const LogsQuery = Type.Object({
  follow: Type.Optional(
    Type.Boolean({ description: 'Send the lines that come, too, as events, until the client hangs up.' }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 200,
      default: 200,
      description: 'How many of the lines that are kept there are to be; the last ones.',
    }),
  ),
});

const Line = Type.Object(
  {
    time: Time,
    level: Type.Enum(['error', 'warn', 'info', 'debug', 'trace']),
    text: Type.String(),
    fn: Type.Optional(Type.String({ description: 'Which exported function was called.' })),
    requestId: Type.String({ description: '`x-request-id` of the call.' }),
  },
  { title: 'LogLine', description: 'A line that a function wrote.' },
);

export const LogLines = Type.Object({
  lines: Type.Array(Line, { description: 'The last, oldest first: at most 200, and 64 KiB.' }),
});

/** Of `follow`. */
export const LogEvents = Type.String({
  description:
    'Events: `line` with a line as in the list, at last `end` with `{ "dropped": false }`; true if it was read too slowly.',
});

const Rights = Type.String({ description: '`r`, `w` and `x`, or `-` for each that is missing.' });
const Ring = Type.Integer({ description: '3, or 0 for what the guest itself cannot touch.' });
const Address = Type.String({ pattern: '^0x[0-9a-f]+$' });

const MemoryRegion = Type.Object(
  {
    name: Type.String({ description: 'What it is for: `code`, `heap`, `stack`, …' }),
    gpa: Type.String({ ...Address, description: 'Its first guest physical address.' }),
    gva: Type.String({ ...Address, description: 'Where the guest sees it.' }),
    bytes: Type.Integer(),
    rights: Rights,
    ring: Ring,
  },
  { title: 'MemoryRegion' },
);

const Pages = Type.Object({ ring: Ring, rights: Rights, count: Type.Integer() });

export const MemoryMap = Type.Object(
  {
    name: Name,
    version: Hash,
    revision: Type.Integer({ minimum: 1 }),
    privilege: Type.Enum(['user', 'supervisor']),
    regions: Type.Array(MemoryRegion, { description: 'All that is mapped, by physical address.' }),
    pageTables: Type.Object({
      tables: Type.Integer(),
      bytes: Type.Integer(),
      pages: Type.Array(Pages, { description: 'Pages of 4 KiB that they map, most first.' }),
    }),
    snapshotBytes: Type.Object(
      { own: Type.Integer(), shared: Type.Integer() },
      { description: 'What the snapshot takes of the memory of the server.' },
    ),
  },
  { title: 'MemoryMap' },
);
