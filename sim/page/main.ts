/**
 * The live page: starts it.
 *
 * @module
 */
/// <reference lib="dom" />
import { Api, takeToken } from "./api.ts";
import { startPage } from "./start.ts";

startPage(new Api(takeToken()));
