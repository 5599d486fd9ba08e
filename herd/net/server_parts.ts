/**
 * What the parts of a server share.
 *
 * @module
 */
import type { ByteString } from "../core/bytes/bytes.ts";
import type { Limits } from "../core/limits.ts";
import type { ServerEvent } from "../core/server_event.ts";
import type { Tuning } from "../core/tuning.ts";
import type { FixSpan } from "../core/wire/fix.ts";
import type { Fairness } from "./fairness.ts";
import type { LimitLog } from "./limit_log.ts";
import type { ServerLog } from "./log.ts";
import type { Clock, Platform } from "./platform.ts";
import type { Tasks } from "./tasks.ts";

export interface ServerParts {
  readonly platform: Platform;
  /** The platform's. */
  readonly clock: Clock;
  readonly limits: Limits;
  /** Constants that decide which code runs. */
  readonly tuning: Tuning;
  readonly log: ServerLog;
  readonly limitLog: LimitLog;
  readonly tasks: Tasks;
  readonly fairness: Fairness;
  /** Starts writing what there is for neighbours; see `Peers.flush`. */
  flush(): Promise<unknown> | undefined;
  onEvent(event: ServerEvent): void;
  /**
   * A connection of a link, or to the hub, was opened, or has ended; see
   * `connectionId`.
   */
  onConnection(peer: ByteString, connection: string, isOpen: boolean): void;
  /** A fix was written for the hub; see `Effects.sent`. */
  onSent(fix: FixSpan, to: ByteString, number: number): void;
}
