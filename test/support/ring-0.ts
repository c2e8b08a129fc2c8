/** Whether guests of these tests can run in ring 0, for `testWith`. */
import type { Found } from './linux-build.js';
import { TEST_BACKEND } from './sandbox.js';

export const RING_0: Found<true> =
  TEST_BACKEND === 'kvm' ? { value: true } : { missing: 'only a virtual machine has ring 0' };
