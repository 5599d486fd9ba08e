/**
 * Grades that are kept in a report's folder, a file each: a class that was
 * interrupted goes on where it was, and what is handed in anew is graded anew.
 *
 * @module
 */
import type { Platform } from "../../../herd/net/platform.ts";
import { isLeftOut } from "../../worlds/processes/folder_copy.ts";
import { holdsOnlyOwn } from "../../worlds/own_folders.ts";
import type { Found } from "./found.ts";
import type { Grade } from "./grade.ts";
import type { Rubric } from "./rubric.ts";
import type { Defaults } from "./submissions.ts";

/** Grades of another form are not read. */
const FORM = 1;
const FOLDER = "grades";
const KEY = new TextEncoder().encode("grades");

/** What a file says. */
interface KeptGrade {
  readonly form: number;
  /** Of what was graded, and how. */
  readonly key: string;
  readonly grade: Grade;
}

/** The grades that a folder keeps. */
export class Kept {
  readonly #folder: string;
  readonly #how: string;
  readonly #platform: Pick<Platform, "hmac">;

  /** Those of a report, by a rubric, each in so much time. */
  constructor(
    platform: Pick<Platform, "hmac">,
    report: string,
    rubric: Rubric,
    defaults: Defaults,
    timeoutMs: number,
  ) {
    this.#platform = platform;
    this.#folder = `${report}/${FOLDER}`;
    const how = [FORM, [...rubric.checks], defaults, timeoutMs];
    this.#how = JSON.stringify(how);
    Deno.mkdirSync(this.#folder, { recursive: true });
  }

  /** By this a grade is known to be of the same files, graded in the same way. */
  async keyOf({ path }: Found): Promise<string> {
    const parts = [this.#how];
    await this.#add(parts, await Deno.realPath(path), "");
    return await this.#sum(new TextEncoder().encode(JSON.stringify(parts)));
  }

  /** What is at a path and below it, each part by its name, as far as it is run. */
  async #add(parts: string[], path: string, name: string): Promise<void> {
    try {
      await this.#addRead(parts, path, name);
    } catch (error) {
      // Who is to run it will say so.
      if (!(error instanceof Deno.errors.PermissionDenied)) throw error;
      parts.push(name, error.message);
    }
  }

  async #addRead(parts: string[], path: string, name: string): Promise<void> {
    const info = await Deno.lstat(path);
    if (info.isDirectory) {
      parts.push(`${name}/`);
      const entries = [...Deno.readDirSync(path)]
        .sort((a, b) => a.name < b.name ? -1 : 1);
      for (const { name: each, isDirectory } of entries) {
        const its = `${path}/${each}`;
        if (isLeftOut(each) || isDirectory && await holdsOnlyOwn(its)) continue;
        await this.#add(parts, its, `${name}/${each}`);
      }
    } else if (info.isSymlink) parts.push(name, await Deno.readLink(path));
    else if (info.isFile) {
      parts.push(name, await this.#sum(await Deno.readFile(path)));
    }
  }

  /** Files are told apart by it; that nobody can make a second one is no aim. */
  async #sum(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
    return (await this.#platform.hmac(KEY, bytes)).toHex();
  }

  /** The grade of before, if it is of the same. */
  async read(name: string, key: string): Promise<Grade | undefined> {
    try {
      const text = await Deno.readTextFile(this.#path(name));
      const kept: KeptGrade = JSON.parse(text);
      return kept.form === FORM && kept.key === key ? kept.grade : undefined;
    } catch (error) {
      const isNone = error instanceof Deno.errors.NotFound ||
        error instanceof SyntaxError;
      if (!isNone) throw error;
      return undefined;
    }
  }

  /** Keeps a grade. */
  write(name: string, key: string, grade: Grade): void {
    const kept: KeptGrade = { form: FORM, key, grade };
    replaceFile(this.#path(name), `${JSON.stringify(kept)}\n`);
  }

  #path(name: string): string {
    return `${this.#folder}/${fileName(name)}.json`;
  }
}

/** Writes a file that is there whole or, as before, not at all. */
export function replaceFile(path: string, text: string): void {
  Deno.writeTextFileSync(`${path}.new`, text);
  Deno.renameSync(`${path}.new`, path);
}

/** A name as that of a file: others than these have none in common with it. */
export function fileName(name: string): string {
  return name.replaceAll(
    /[^A-Za-z0-9._-]|^\./gu,
    (char) => `%${new TextEncoder().encode(char).toHex()}`,
  );
}
