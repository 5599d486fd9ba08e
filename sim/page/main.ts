/**
 * Entry point of the live page.
 *
 * @module
 */
/// <reference lib="dom" />
import { Api, takeToken } from "./api.ts";
import { startPage } from "./start.ts";

startPage(new Api(takeToken()));
