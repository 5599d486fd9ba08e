/**
 * Stand-in for `@std/log`: the part of its published interface that is used
 * here. It is not on npm, so this is our own.
 *
 * @module
 */
export * from "./console_handler.ts";
export * from "./file_handler.ts";
export * from "./formatters.ts";
export * from "./handler.ts";
export * from "./levels.ts";
export * from "./logger.ts";
export * from "./record.ts";
export * from "./rotating_file_handler.ts";
export * from "./setup.ts";
