/**
 * A folder for what servers keep on disk, for as long as a drill runs.
 *
 * @module
 */
import type { Scenario } from "../../model/scenario/scenario.ts";
import {
  openTempFolder,
  type TempFolder,
} from "../../worlds/processes/temp_folder.ts";

export class DataFolder implements AsyncDisposable {
  readonly dataDir: string;
  readonly #folder: TempFolder | undefined;

  private constructor(folder: TempFolder | undefined) {
    this.#folder = folder;
    this.dataDir = folder?.path ?? "data";
  }

  /**
   * The folder of a drill, if its servers are to keep anything. In virtual time
   * it is on no disk of this machine, so nothing need be allowed to write there.
   */
  static async for(
    { durable, world }: Scenario,
  ): Promise<DataFolder | undefined> {
    if (durable !== "disk") return undefined;
    return new DataFolder(
      world === "virtual" ? undefined : await openTempFolder(),
    );
  }

  /** Removes it, and all that is in it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#folder?.[Symbol.asyncDispose]();
  }
}
