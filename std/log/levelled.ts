/**
 * What loggers and handlers share: a level, by number and by name.
 *
 * @module
 */
import {
  getLevelByName,
  getLevelName,
  type LevelName,
  type LogLevel,
} from "./levels.ts";

/** Something that ignores everything below its level. */
export class Levelled {
  #level: LogLevel;

  constructor(level: LevelName) {
    this.#level = getLevelByName(level);
  }

  get level(): LogLevel {
    return this.#level;
  }

  set level(level: LogLevel) {
    this.#level = getLevelByName(getLevelName(level));
  }

  get levelName(): LevelName {
    return getLevelName(this.#level);
  }

  set levelName(name: LevelName) {
    this.#level = getLevelByName(name);
  }
}
