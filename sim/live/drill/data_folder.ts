/**
 * A folder for what servers keep on disk, for as long as a drill runs.
 *
 * @module
 */
import type { Scenario } from "../../model/scenario/scenario.ts";

export class DataFolder implements Disposable {
  readonly dataDir: string;
  readonly #isReal: boolean;

  private constructor(isReal: boolean) {
    this.#isReal = isReal;
    this.dataDir = isReal
      ? Deno.makeTempDirSync({ prefix: "herd-data-" })
      : "data";
  }

  /**
   * The folder of a drill, if its servers are to keep anything. In virtual time
   * it is on no disk of this machine, so nothing need be allowed to write there.
   */
  static for({ durable, world }: Scenario): DataFolder | undefined {
    return durable === "disk" ? new DataFolder(world !== "virtual") : undefined;
  }

  /** Removes it, and all that is in it. */
  [Symbol.dispose](): void {
    if (this.#isReal) Deno.removeSync(this.dataDir, { recursive: true });
  }
}
