/** All cases. */
import type { Case } from './case.js';
import { entryCases } from './entry.js';
import { exitCases } from './exits.js';
import { faultCases } from './faults.js';
import { limitCases } from './limits.js';
import { permissionCases } from './permissions.js';
import { restoreCases } from './restore.js';

export const CASES: readonly Case[] = [
  ...entryCases,
  ...exitCases,
  ...faultCases,
  ...permissionCases,
  ...restoreCases,
  ...limitCases,
];
