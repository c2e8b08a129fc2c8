/** All cases. */
import type { Case } from './case.js';
import { faultCases } from './faults.js';

export const CASES: readonly Case[] = [...faultCases];
