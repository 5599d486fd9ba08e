/**
 * What a herd reported, and a way to wait for it.
 *
 * @module
 */
import { AssertionError } from "@std/assert";
import { abortable } from "@std/async";
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import { Deadline } from "../../../herd/net/timing.ts";
import type { HerdEvent } from "../../../mod.ts";

const DEADLINE_MS = 15_000;

/** Collects events; give its `onEvent` to a herd. */
export class EventLog {
  /** All events so far. */
  readonly events: HerdEvent[] = [];
  #waiters: (() => void)[] = [];

  /** Takes one event. */
  readonly onEvent = (event: HerdEvent): void => {
    this.events.push(event);
    for (const wake of this.#waiters.splice(0)) wake();
  };

  /** The states that a server went through. */
  statesOf(server: string): string[] {
    return this.events.flatMap((event) =>
      event.kind === "state" && event.server === server ? [event.state] : []
    );
  }

  /**
   * Waits until something is true of the events.
   *
   * @throws {AssertionError} If it is not in 15 s; with the events.
   */
  async until(what: string, isTrue: () => boolean): Promise<void> {
    using late = new Deadline(denoPlatform.clock, DEADLINE_MS, () => {
      const events = this.events.map((event) => JSON.stringify(event));
      return new AssertionError([`Not in time: ${what}`, ...events].join("\n"));
    });
    while (!isTrue()) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiters.push(resolve);
      await abortable(promise, late.signal);
    }
  }

  /** Waits until `server` has come into `state` `times` times. */
  async untilState(server: string, state: string, times = 1): Promise<void> {
    await this.until(
      `${server} ${state} ${times} times`,
      () => this.statesOf(server).filter((it) => it === state).length >= times,
    );
  }

  /** Waits for such an event of `server` about `peer`. */
  async untilLink(
    kind: "link-up" | "link-down",
    server: string,
    peer: string,
  ): Promise<void> {
    await this.until(
      `${kind} at ${server} to ${peer}`,
      () =>
        this.events.some((event) =>
          event.kind === kind && event.server === server && event.peer === peer
        ),
    );
  }
}
