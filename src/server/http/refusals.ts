/** Counts what quotas refuse, beside calls: those are counted where they are let in. */

import { SnapvmError } from '../../base/errors.js';
import type { Services } from './services.js';

/** What `admit` returns. @throws what it throws */
export function countingRefusals<T>(
  { metrics }: Pick<Services, 'metrics'>,
  tenant: string,
  admit: () => T,
): T {
  try {
    return admit();
  } catch (error) {
    if (error instanceof SnapvmError && error.code === 'SNAPVM_SERVER_QUOTA')
      metrics.quotaRefused(tenant, String(error.details['quota']));
    throw error;
  }
}
