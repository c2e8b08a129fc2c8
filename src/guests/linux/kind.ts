/** Linux programs: static, unmodified. Standard input in, exit code and output out. */

import type { PreparedGuest } from '../guest.js';
import { guestKind } from '../kind.js';
import { programCodec } from './codec.js';
import { checkProgramPolicy, PROGRAM_OPTIONS, type ProgramSettings } from './policy.js';
import { prepareProgram } from './prepare.js';
import type { LinuxSource } from './source.js';

export const linuxKind = guestKind<LinuxSource, ProgramSettings, PreparedGuest>({
  option: 'linux',
  policyOptions: PROGRAM_OPTIONS,
  // A system call is an exit.
  defaults: { warm: false, maxExits: 1_000_000 },
  check: checkProgramPolicy,
  prepare: prepareProgram,
  codec: (_, { warm }) => programCodec(warm === 'stdin'),
});
