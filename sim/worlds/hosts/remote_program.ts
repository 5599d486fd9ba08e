/**
 * The program of a server that was brought, which an agent runs on its machine.
 *
 * @module
 */
import type { ProgramEvent, ProgramWatcher } from "../processes/guarded.ts";
import type { Routes, RunningProgram } from "../processes/programs.ts";
import type { Spawned } from "../spawned.ts";
import type { ProgramOrder, ProgramReport } from "./wire.ts";

/** Its guard is there; what it tells comes by the agent. */
export class RemoteProgram implements RunningProgram {
  readonly #spawned: Spawned;
  readonly #watcher: ProgramWatcher;
  /** What waits until the agent has taken routes, in order. */
  readonly #routing: (() => void)[] = [];
  #hasEnded = false;

  /** Has it start. */
  constructor(spawned: Spawned, watcher: ProgramWatcher) {
    this.#spawned = spawned;
    this.#watcher = watcher;
    this.#tell({ kind: "start" });
    void this.#watch();
  }

  async #watch(): Promise<void> {
    const { onEvent, onLine, onEnd } = this.#watcher;
    const { said, ended } = this.#spawned;
    let last: ProgramEvent["event"] | undefined;
    for await (const report of said as AsyncIterable<ProgramReport>) {
      switch (report.kind) {
        case "line":
          onLine(report.line);
          break;
        case "routed":
          this.#routing.shift()?.();
          break;
        case "event":
          last = report.event.event;
          onEvent(report.event);
      }
    }
    const why = await ended;
    this.#hasEnded = true;
    for (const resolve of this.#routing) resolve();
    // Its guard tells of an end, and of nothing after it.
    const isTold = last === "exit" || last === "unstartable";
    if (!isTold) onEvent({ event: "lost", why });
    onEnd();
  }

  #tell(order: ProgramOrder): void {
    this.#spawned.tell(order);
  }

  signal(name: Deno.Signal): void {
    this.#tell({ kind: "signal", name: name as "SIGTERM" });
  }

  async route(routes: Routes): Promise<void> {
    if (this.#hasEnded) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#routing.push(resolve);
    this.#tell({ kind: "routes", routes });
    await promise;
  }

  kill(): void {
    this.#spawned.kill();
  }
}
