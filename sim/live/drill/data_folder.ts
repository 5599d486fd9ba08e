/**
 * A folder for what servers keep on disk, for as long as a drill runs.
 *
 * @module
 */
import type { Scenario } from "../../model/scenario/scenario.ts";

export class DataFolder implements Disposable {
  readonly dataDir: string = Deno.makeTempDirSync({ prefix: "herd-data-" });

  /** The folder of a drill, if its servers are to keep anything. */
  static for({ durable }: Scenario): DataFolder | undefined {
    return durable === "disk" ? new DataFolder() : undefined;
  }

  /** Removes it, and all that is in it. */
  [Symbol.dispose](): void {
    Deno.removeSync(this.dataDir, { recursive: true });
  }
}
