/** All cases. */
import type { Case } from './case.js';
import { entryCases } from './entry.js';
import { exitCases } from './exits.js';
import { faultCases } from './faults.js';
import { hostFunctionCases } from './host-functions.js';
import { javascriptCases } from './javascript.js';
import { lastActCases } from './last-act.js';
import { layerCases } from './layers.js';
import { limitCases } from './limits.js';
import { linuxCases } from './linux.js';
import { linuxEndCases } from './linux-ends.js';
import { linuxPageCases } from './linux-pages.js';
import { permissionCases } from './permissions.js';
import { restoreCases } from './restore.js';
import { snapshotCases } from './snapshots.js';
import { stopCases } from './stop.js';
import { supervisorCases } from './supervisor.js';

export const CASES: readonly Case[] = [
  ...snapshotCases,
  ...entryCases,
  ...exitCases,
  ...faultCases,
  ...permissionCases,
  ...restoreCases,
  ...lastActCases,
  ...limitCases,
  ...stopCases,
  ...hostFunctionCases,
  ...linuxCases,
  ...linuxEndCases,
  ...linuxPageCases,
  ...javascriptCases,
  ...layerCases,
  ...supervisorCases,
];
