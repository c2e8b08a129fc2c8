/** What each tenant may use, and uses. All of it is counted in memory: a server that starts begins at 0. */
import { SnapvmError } from '../../base/errors.js';
import { now, wallMs } from '../../base/globals.js';
import { Bucket } from './bucket.js';
import type { TenantQuota } from './config.js';

/** What the time is. */
export interface QuotaClock {
  /** Milliseconds of a clock that only goes forwards. */
  monotonicMs(): number;
  /** Milliseconds since 1970, UTC. */
  wallMs(): number;
}

/** A call that was let in. */
export interface Admission {
  /**
   * The call has ended, after its guest ran for so many microseconds (0 if it never did). Only the first time
   * counts.
   */
  end(cost: { readonly runUs: number }): void;
}

/** What a tenant has deployed. */
export interface DeployedUsage {
  readonly functions: number;
  /** Of the sources of all versions. */
  readonly bytes: number;
}

const CLOCK: QuotaClock = { monotonicMs: now, wallMs };
const MS_PER_SECOND = 1000;
const US_PER_SECOND = 1e6;
const DAY_MS = 86_400_000;
/** Other calls end at any time. */
const SOON_SECONDS = 1;
/** Nothing of a deployment gets free by itself: somebody has to remove something first. */
const LATER_SECONDS = 60;

const ADMITTED: Admission = Object.freeze({ end() {} });

/** Lets calls and deployments in, tenant by tenant: what one uses up costs no other anything. */
export class Quotas {
  readonly #quotaOf: (tenant: string) => TenantQuota;
  readonly #clock: QuotaClock;
  /** One of each tenant that has called; tenants come from the configuration, so their number is bounded. */
  readonly #usages = new Map<string, Usage>();

  /** `quotaOf` is asked once for each tenant. */
  constructor(quotaOf: (tenant: string) => TenantQuota, clock: QuotaClock = CLOCK) {
    this.#quotaOf = quotaOf;
    this.#clock = clock;
  }

  /** The quotas of a tenant; who reads bodies asks for `bodyBytes`. */
  of(tenant: string): TenantQuota {
    return this.#usage(tenant).quota;
  }

  /**
   * Lets a call in, to be ended with what comes back. A call that is refused uses nothing up.
   * @throws SnapvmError `SNAPVM_SERVER_QUOTA`, with `quota` and `retryAfterSeconds`
   */
  admitCall(tenant: string, functionName: string): Admission {
    return this.#usage(tenant).admit(functionName);
  }

  /**
   * Lets a deployment in that adds so many bytes, and a function unless it is one more version of one that is
   * there (`moreFunctions` 0).
   * @throws SnapvmError `SNAPVM_SERVER_QUOTA`, with `quota` and `retryAfterSeconds`
   */
  admitDeployment(tenant: string, usage: DeployedUsage, moreBytes: number, moreFunctions: 0 | 1 = 1): void {
    const { functions, bytes } = this.of(tenant);
    if (functions !== undefined && moreFunctions > 0 && usage.functions + moreFunctions > functions) {
      throw overQuota(
        tenant,
        'functions',
        `has ${functions} functions, as many as it may have`,
        LATER_SECONDS,
      );
    }
    if (bytes !== undefined && usage.bytes + moreBytes > bytes) {
      const what = `has ${usage.bytes} bytes of sources and may have ${bytes}: ${moreBytes} more are too many`;
      throw overQuota(tenant, 'bytes', what, LATER_SECONDS);
    }
  }

  #usage(tenant: string): Usage {
    let usage = this.#usages.get(tenant);
    if (usage === undefined) {
      usage = new Usage(tenant, this.#quotaOf(tenant), this.#clock);
      this.#usages.set(tenant, usage);
    }
    return usage;
  }
}

/** What one tenant's calls use. */
class Usage {
  readonly quota: TenantQuota;
  readonly #tenant: string;
  readonly #clock: QuotaClock;
  readonly #bucket: Bucket | undefined;
  /** Whether an end has to be counted. */
  readonly #counts: boolean;
  #onTheirWay = 0;
  /** Of functions with calls on their way. */
  readonly #byFunction = new Map<string, number>();
  #day = 0;
  #usedUs = 0;

  constructor(tenant: string, quota: TenantQuota, clock: QuotaClock) {
    const { concurrent, concurrentPerFunction, callsPerSecond, cpuSecondsPerDay } = quota;
    this.quota = quota;
    this.#tenant = tenant;
    this.#clock = clock;
    this.#bucket = callsPerSecond === undefined ? undefined : new Bucket(callsPerSecond, clock.monotonicMs());
    this.#counts = (concurrent ?? concurrentPerFunction ?? cpuSecondsPerDay) !== undefined;
  }

  admit(name: string): Admission {
    const { concurrent, concurrentPerFunction } = this.quota;
    this.#checkCpu();
    if (concurrent !== undefined && this.#onTheirWay >= concurrent) {
      throw this.#refusal(
        'concurrent',
        `has ${concurrent} calls on their way, as many as it may`,
        SOON_SECONDS,
      );
    }
    if (concurrentPerFunction !== undefined && (this.#byFunction.get(name) ?? 0) >= concurrentPerFunction) {
      const what = `has ${concurrentPerFunction} calls of the function on their way, as many as it may`;
      throw this.#refusal('concurrentPerFunction', what, SOON_SECONDS);
    }
    this.#takeFromBucket(); // last, since a refused call takes none
    if (!this.#counts) return ADMITTED;
    this.#onTheirWay += 1;
    if (concurrentPerFunction === undefined) return new Admitted(this, undefined);
    this.#byFunction.set(name, (this.#byFunction.get(name) ?? 0) + 1);
    return new Admitted(this, name);
  }

  ended(name: string | undefined, runUs: number): void {
    this.#onTheirWay -= 1;
    if (name !== undefined) {
      const left = (this.#byFunction.get(name) ?? 0) - 1;
      if (left > 0) this.#byFunction.set(name, left);
      else this.#byFunction.delete(name);
    }
    if (this.quota.cpuSecondsPerDay === undefined) return;
    this.#turnDay();
    this.#usedUs += Math.max(0, runUs);
  }

  /** Calls that were let in before may use more: they are not stopped. */
  #checkCpu(): void {
    const { cpuSecondsPerDay } = this.quota;
    if (cpuSecondsPerDay === undefined) return;
    const intoDayMs = this.#turnDay();
    if (this.#usedUs < cpuSecondsPerDay * US_PER_SECOND) return;
    const what = `has used its ${cpuSecondsPerDay} CPU seconds of today (UTC)`;
    throw this.#refusal('cpuSecondsPerDay', what, (DAY_MS - intoDayMs) / MS_PER_SECOND);
  }

  /** Begins at 0 on another day. Gives the milliseconds since it began. */
  #turnDay(): number {
    const wall = this.#clock.wallMs();
    const day = Math.floor(wall / DAY_MS);
    if (day !== this.#day) {
      this.#day = day;
      this.#usedUs = 0;
    }
    return wall - day * DAY_MS;
  }

  #takeFromBucket(): void {
    if (this.#bucket === undefined) return;
    const waitMs = this.#bucket.take(this.#clock.monotonicMs());
    if (waitMs === 0) return;
    const what = `makes more than its ${this.quota.callsPerSecond} calls a second`;
    throw this.#refusal('callsPerSecond', what, waitMs / MS_PER_SECOND);
  }

  #refusal(quota: keyof TenantQuota, what: string, seconds: number): SnapvmError {
    return overQuota(this.#tenant, quota, what, seconds);
  }
}

/** A call on its way. */
class Admitted implements Admission {
  #usage: Usage | undefined;
  readonly #name: string | undefined;

  constructor(usage: Usage, name: string | undefined) {
    this.#usage = usage;
    this.#name = name;
  }

  end({ runUs }: { readonly runUs: number }): void {
    const usage = this.#usage;
    this.#usage = undefined;
    usage?.ended(this.#name, runUs);
  }
}

function overQuota(tenant: string, quota: keyof TenantQuota, what: string, seconds: number): SnapvmError {
  const retryAfterSeconds = Math.max(1, Math.ceil(seconds));
  return new SnapvmError(
    'SNAPVM_SERVER_QUOTA',
    `the tenant "${tenant}" ${what}: try again in ${retryAfterSeconds} s, or raise its quota ${quota}`,
    { quota, retryAfterSeconds },
  );
}
