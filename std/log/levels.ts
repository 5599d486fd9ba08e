/**
 * Levels of importance, by name and by number.
 *
 * @module
 */

/** The number of each level: the higher, the more important. */
export const LogLevels = {
  NOTSET: 0,
  DEBUG: 10,
  INFO: 20,
  WARN: 30,
  ERROR: 40,
  CRITICAL: 50,
} as const;

/** The number of a level. */
export type LogLevel = typeof LogLevels[LevelName];

/** The name of a level. */
export type LevelName = keyof typeof LogLevels;

/** The names of all levels. */
export const LogLevelNames: LevelName[] = Object.keys(LogLevels) as LevelName[];

/**
 * The number of the level called `name`.
 * @throws {Error} If there is none.
 */
export function getLevelByName(name: LevelName): LogLevel {
  const level: LogLevel | undefined = LogLevels[name];
  if (level === undefined) {
    throw new Error(`Cannot get log level: no level named ${name}`);
  }
  return level;
}

/**
 * The name of the level of number `level`.
 * @throws {Error} If there is none.
 */
export function getLevelName(level: LogLevel): LevelName {
  const name = LogLevelNames.find((name) => LogLevels[name] === level);
  if (name === undefined) {
    throw new Error(`Cannot get log level: no level name for level ${level}`);
  }
  return name;
}
