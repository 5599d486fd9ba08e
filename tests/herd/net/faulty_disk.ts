/**
 * A real disk, on which something goes otherwise.
 *
 * @module
 */
import { denoPlatform } from "../../../herd/net/deno_platform.ts";
import type { Disk, DiskFile } from "../../../herd/net/disk.ts";

/** A disk whose files do something else than they are asked for. */
export function faulty(
  change: (file: DiskFile, name: string) => Partial<DiskFile>,
  onCreate: (name: string) => void = () => {},
  onFolderSync: () => void = () => {},
): Disk {
  return {
    async open(path) {
      const folder = await denoPlatform.disk!.open(path);
      if (folder === undefined) return undefined;
      return {
        ...folder,
        async sync(): Promise<void> {
          onFolderSync();
          await folder.sync();
        },
        async create(name: string): Promise<DiskFile> {
          onCreate(name);
          const file = await folder.create(name);
          return { ...bound(file), ...change(file, name) };
        },
      };
    },
  };
}

/** An object's methods as properties, to be replaced one by one. */
function bound<T extends object>(of: T): T {
  const names = Object.getOwnPropertyNames(Object.getPrototypeOf(of));
  const methods = names.filter((name) => name !== "constructor")
    .map((name) => [name, (of[name as keyof T] as () => void).bind(of)]);
  return Object.fromEntries(methods);
}
