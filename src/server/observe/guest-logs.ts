/** Where the lines of guests go: to the server's logger, and, the last of each function, to whoever asks for them. */
import { SnapvmError } from '../../base/errors.js';
import type { Logger } from '../../engine/logger.js';
import { LogFollower } from './log-follower.js';
import { type LogLine, LogRing, makeLine } from './log-ring.js';

/** A logger that makes others which have more fields: pino's. */
export interface ParentLogger {
  child(fields: Readonly<Record<string, unknown>>): Logger;
}

/** Whose lines they are. */
export interface LoggedCall {
  readonly tenant: string;
  readonly function: string;
  readonly fn?: string | undefined;
  readonly requestId: string;
}

/** What is kept of a function. */
const MOST_LINES = 200;
const MOST_BYTES = 65_536;
/** Functions of a tenant whose last lines are kept, 64 KiB each at most: those that wrote last. */
const MOST_FUNCTIONS = 256;
/** Followers of a tenant. */
const MOST_FOLLOWERS = 32;

/** Of one function. */
class FunctionLog {
  readonly ring = new LogRing(MOST_LINES, MOST_BYTES);
  readonly followers = new Set<LogFollower>();

  push(line: LogLine): void {
    this.ring.push(line);
    for (const follower of this.followers) follower.push(line);
  }
}

/** The functions of a tenant that have lines or followers, in the order in which they last wrote. */
class TenantLogs {
  readonly #functions = new Map<string, FunctionLog>();
  #followers = 0;

  get(name: string): FunctionLog | undefined {
    return this.#functions.get(name);
  }

  push(name: string, line: LogLine): void {
    const log = this.#functions.get(name) ?? new FunctionLog();
    this.#functions.delete(name);
    this.#functions.set(name, log);
    log.push(line);
    if (this.#functions.size > MOST_FUNCTIONS) this.#dropOldest();
  }

  follow(tenant: string, name: string): LogFollower {
    if (this.#followers >= MOST_FOLLOWERS) {
      throw new SnapvmError(
        'SNAPVM_SERVER_QUOTA',
        `${MOST_FOLLOWERS} requests follow logs of the tenant "${tenant}", as many as may: end one of them`,
        { quota: 'logFollowers', retryAfterSeconds: 1 },
      );
    }
    const log = this.#functions.get(name) ?? new FunctionLog();
    this.#functions.set(name, log);
    const follower = new LogFollower(() => {
      log.followers.delete(follower);
      this.#followers -= 1;
      if (log.followers.size === 0 && log.ring.size === 0) this.#forgetIf(name, log);
    });
    log.followers.add(follower);
    this.#followers += 1;
    return follower;
  }

  remove(name: string): void {
    const log = this.#functions.get(name);
    this.#functions.delete(name);
    for (const follower of log?.followers ?? []) follower.close();
  }

  close(): void {
    for (const name of this.#functions.keys()) this.remove(name);
  }

  /** Those that are followed stay: there are few. */
  #dropOldest(): void {
    for (const [name, { followers }] of this.#functions) {
      if (followers.size > 0) continue;
      this.#functions.delete(name);
      return;
    }
  }

  #forgetIf(name: string, log: FunctionLog): void {
    if (this.#functions.get(name) === log) this.#functions.delete(name);
  }
}

/** The logs of all guests of a server. */
export class GuestLogs {
  readonly #parent: ParentLogger;
  readonly #tenants = new Map<string, TenantLogs>();

  constructor(parent: ParentLogger) {
    this.#parent = parent;
  }

  /** A logger for one call: `CallOptions.logger`. It costs next to nothing until there is a line. */
  logger(call: LoggedCall): Logger {
    return new CallLogger(this.#parent, call, (line) => this.#tenant(call.tenant).push(call.function, line));
  }

  /** The last lines of a function, oldest first: at most 200, and 64 KiB. */
  lines(tenant: string, name: string): LogLine[] {
    return [...(this.#tenants.get(tenant)?.get(name)?.ring.lines ?? [])];
  }

  /**
   * The lines of a function from now on, as they come. Who reads them too slowly gets no more.
   * @throws SnapvmError `SNAPVM_SERVER_QUOTA` when too many do so
   */
  follow(tenant: string, name: string): LogFollower {
    return this.#tenant(tenant).follow(tenant, name);
  }

  /** Drops the lines of a function that was removed, and ends those that follow them. */
  functionRemoved(tenant: string, name: string): void {
    this.#tenants.get(tenant)?.remove(name);
  }

  /** Ends all that follow. */
  close(): void {
    for (const tenant of this.#tenants.values()) tenant.close();
  }

  #tenant(tenant: string): TenantLogs {
    let logs = this.#tenants.get(tenant);
    if (logs === undefined) {
      logs = new TenantLogs();
      this.#tenants.set(tenant, logs);
    }
    return logs;
  }
}

/** Makes its child of the parent with the first line: most calls have none. */
class CallLogger implements Logger {
  readonly #parent: ParentLogger;
  readonly #call: LoggedCall;
  readonly #keep: (line: LogLine) => void;
  #child: Logger | undefined;

  constructor(parent: ParentLogger, call: LoggedCall, keep: (line: LogLine) => void) {
    this.#parent = parent;
    this.#call = call;
    this.#keep = keep;
  }

  error(fields: object, text: string): void {
    this.#write('error', fields, text);
  }

  warn(fields: object, text: string): void {
    this.#write('warn', fields, text);
  }

  info(fields: object, text: string): void {
    this.#write('info', fields, text);
  }

  debug(fields: object, text: string): void {
    this.#write('debug', fields, text);
  }

  trace(fields: object, text: string): void {
    this.#write('trace', fields, text);
  }

  #write(level: keyof Logger, fields: object, text: string): void {
    const { tenant, function: name, fn, requestId } = this.#call;
    // The tenant does not see `err` of a host function: what it throws is the operator's.
    this.#keep(makeLine(level, text, fn, requestId));
    this.#child ??= this.#parent.child({
      tenant,
      function: name,
      ...(fn !== undefined && { fn }),
      requestId,
    });
    // Those that the child has would stand in the line twice.
    const { function: _name, fn: called, ...more } = fields as Readonly<Record<string, unknown>>;
    this.#child[level](fn === undefined && called !== undefined ? { ...more, fn: called } : more, text);
  }
}
