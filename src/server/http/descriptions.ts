/** What answers say of functions. */

import type { CallStats } from '../../engine/stats.js';
import type { FunctionInfo, Version } from '../functions/model.js';

const LIVE = 'live';
const MOST_VERSIONS = 100;

/** A function in a list. */
export function summarise(info: FunctionInfo): object {
  const { name, createdAt } = info;
  const live = info.aliases.get(LIVE);
  const version = liveVersion(info);
  return {
    name,
    createdAt,
    ...(live !== undefined && { live }),
    ...(version !== undefined && { kind: version.kind }),
  };
}

/** All there is to know of a function. */
export function describe(info: FunctionInfo, stats: CallStats): object {
  const policy = liveVersion(info)?.policy;
  return {
    ...summarise(info),
    ...(policy !== undefined && { policy }),
    versions: info.versions.slice(0, MOST_VERSIONS),
    aliases: Object.fromEntries(info.aliases),
    canRollBack: info.canRollBack,
    counters: countersOf(stats),
  };
}

/** What its calls came to. */
export function countersOf({ calls, errors, runUs }: CallStats): object {
  return { calls, errors, p50Us: runUs.p50, p99Us: runUs.p99 };
}

/** Of two, the one that gets more calls. */
function liveVersion({ aliases, versions }: FunctionInfo): Version | undefined {
  const [most] = [...(aliases.get(LIVE) ?? [])].sort((a, b) => b.weight - a.weight);
  return versions.find(({ revision }) => revision === most?.revision);
}
