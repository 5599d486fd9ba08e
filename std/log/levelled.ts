/**
 * What loggers and handlers have in common: a level, by number and by name.
 *
 * @module
 */
import {
  getLevelByName,
  getLevelName,
  type LevelName,
  type LogLevel,
} from "./levels.ts";

/** Something from whose level on there is something to do. */
export class Levelled {
  #level: LogLevel;

  /** From this level on. */
  constructor(level: LevelName) {
    this.#level = getLevelByName(level);
  }

  /** The level from which on records are taken. */
  get level(): LogLevel {
    return this.#level;
  }

  set level(level: LogLevel) {
    this.#level = getLevelByName(getLevelName(level));
  }

  /** The name of that level. */
  get levelName(): LevelName {
    return getLevelName(this.#level);
  }

  set levelName(name: LevelName) {
    this.#level = getLevelByName(name);
  }
}
