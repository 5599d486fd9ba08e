/**
 * Parses addresses in options: `HOST:PORT`, `[::1]:80`.
 *
 * @module
 */
import type { Address } from "../../../herd/net/platform.ts";
import { PORT_MAX } from "../../model/topology/topology.ts";
import { wholeNumber } from "./command_line.ts";
import { UsageError } from "./usage_error.ts";

/** Takes the port of an address. */
export const portNumber = wholeNumber(1, PORT_MAX);

const FORM = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/;
const IS_LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i;

/**
 * The address that an option gives.
 *
 * @param usualPort The default port; without it the port is required.
 * @throws {UsageError} If it is not an address.
 */
export function hostPort(
  option: string,
  text: string,
  usualPort?: number,
): Address {
  const [, bracketed, plain, port] = FORM.exec(text) ?? [];
  const hostname = bracketed ?? plain;
  if (hostname === undefined || (port ?? usualPort) === undefined) {
    throw new UsageError(`--${option}: "${text}" is no HOST:PORT`);
  }
  return {
    hostname,
    port: port === undefined ? usualPort! : portNumber(option, port),
  };
}

/**
 * Whether a host is this machine, so that traffic to it can't be read by
 * others.
 */
export function isLoopback(hostname: string): boolean {
  return IS_LOOPBACK.test(hostname);
}
