/**
 * Parameters of a scenario: `$name` in any of its texts stands for a value that
 * the file defines under `params`, and the command line may override.
 *
 * @module
 */
import { hinted, hintFor } from "../suggest.ts";
import {
  type FileError,
  isYamlMap,
  type Path,
  type YamlValue,
} from "../yaml.ts";

/** Values by the names of their parameters. */
export type Settings = Readonly<Record<string, string>>;

/** A parameter that was set, but does not exist in the file. */
export class NoSuchParameter extends Error {
  /** `"NoSuchParameter"`. */
  override readonly name = "NoSuchParameter";

  /** Says that only `known` parameters exist. */
  constructor(name: string, known: readonly string[]) {
    const message = `no parameter "${name}"`;
    super(
      known.length === 0
        ? `${message}, the file has no params`
        : hinted(message, name, known),
    );
  }
}

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Maximum characters that parameters may add to a file, all together. */
const FILLED_CHARACTERS_MAX = 4_194_304;
const USE = /\$(\$|[A-Za-z_][A-Za-z0-9_]*)/g;

/**
 * Replaces parameters by their values; `$$` becomes `$`. A file without
 * `params` stays as it is, including dollar signs.
 *
 * @param value The file's value.
 * @param settings Values that override those of the file.
 * @throws {NoSuchParameter} If the file lacks one of them.
 */
export function withParams(
  value: YamlValue,
  settings: Settings,
): { value: YamlValue; faults: FileError[] } {
  const params = isYamlMap(value) ? value["params"] : undefined;
  const own = isYamlMap(params) ? params : {};
  const names = Object.keys(own);
  for (const name of Object.keys(settings)) {
    if (!names.includes(name)) throw new NoSuchParameter(name, names);
  }
  if (!isYamlMap(value) || !isYamlMap(params)) return { value, faults: [] };
  const filler = new Filler({ ...own, ...settings });
  for (const [name, told] of Object.entries(own)) filler.check(name, told);
  const { params: _, ...rest } = value;
  return { value: filler.fill(rest, []), faults: filler.faults };
}

class Filler {
  readonly faults: FileError[] = [];
  readonly #values: Readonly<Record<string, YamlValue>>;
  #filledCharacters = 0;

  constructor(values: Readonly<Record<string, YamlValue>>) {
    this.#values = values;
  }

  check(name: string, value: YamlValue): void {
    const path = ["params", name];
    if (!NAME.test(name)) {
      const rule = "a letter or _, then letters, digits, _";
      const message = `"${name}" can't name a parameter (${rule})`;
      this.faults.push({ path, part: "key", message });
    } else if (typeof value !== "string") {
      const message = `the parameter ${name} must be a text`;
      this.faults.push({ path, part: "value", message });
    }
  }

  fill(value: YamlValue, path: Path): YamlValue {
    if (typeof value === "string") return this.#text(value, path);
    if (Array.isArray(value)) {
      return value.map((item, index) => this.fill(item, [...path, index]));
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        this.fill(item, [...path, key]),
      ]),
    );
  }

  #hasRoom({ length }: string, path: Path): boolean {
    const hadRoom = this.#filledCharacters <= FILLED_CHARACTERS_MAX;
    this.#filledCharacters += length;
    const hasRoom = this.#filledCharacters <= FILLED_CHARACTERS_MAX;
    if (hadRoom && !hasRoom) {
      const message = "its parameters would make it longer by more than " +
        `${FILLED_CHARACTERS_MAX} characters`;
      this.faults.push({ path, part: "value", message });
    }
    return hasRoom;
  }

  #text(text: string, path: Path): string {
    return text.replaceAll(USE, (use, name: string) => {
      if (name === "$") return "$";
      const value = Object.hasOwn(this.#values, name)
        ? this.#values[name]
        : undefined;
      if (value === undefined) {
        const hint = hintFor(name, Object.keys(this.#values));
        const message = `no parameter ${name}`;
        this.faults.push({ path, part: "value", message, ...hint });
      }
      if (typeof value !== "string") return use;
      return this.#hasRoom(value, path) ? value : "";
    });
  }
}
