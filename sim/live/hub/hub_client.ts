/**
 * The client of hubs. It is no part of a herd without one: it has a lock file of
 * its own, and is installed when a herd is first given a hub.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { NotStarted } from "../servers/ports.ts";

const FOLDER = new URL("../../../herd/net/hub/client/", import.meta.url);
/** There once all is installed. */
const INSTALLED = "node_modules/@nats-io/jetstream/package.json";

let installing: Promise<string> | undefined;

/**
 * The folder in which it is installed, by now.
 *
 * @throws {NotStarted} If it can't be.
 */
export async function hubClient(): Promise<string> {
  try {
    return await (installing ??= install());
  } catch (error) {
    // Somebody may be online by the next time.
    installing = undefined;
    throw error;
  }
}

async function install(): Promise<string> {
  if (FOLDER.protocol !== "file:") {
    throw new NotStarted(
      "Cannot install the hub's client: the project is no folder",
    );
  }
  const folder = fileURLToPath(FOLDER).replace(/\/$/, "");
  try {
    await Deno.stat(new URL(INSTALLED, FOLDER));
    return folder;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const command = new Deno.Command("deno", {
    args: ["install", "--quiet", "--frozen", "--config", `${folder}/deno.json`],
    cwd: folder,
    stdin: "null",
  });
  const { success, stderr } = await command.output();
  if (success) return folder;
  const [why] = new TextDecoder().decode(stderr).trim().split("\n");
  throw new NotStarted(`Cannot install the hub's client: ${why}`);
}
