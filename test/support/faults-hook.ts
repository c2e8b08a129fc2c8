/**
 * For `node --import`: the addon whose system calls can be made to fail (`npm run build:faults`). Only faults-sweep.ts is
 * run so; the package has no such way in.
 */
import useSecondAddon from './second-addon.cjs';

useSecondAddon('faults');
