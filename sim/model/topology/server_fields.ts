/**
 * The fields of one server in a topology, in addition to its port.
 *
 * @module
 */
import { hintFor } from "../suggest.ts";
import type { Path, YamlValue } from "../yaml.ts";

export const PORT_MAX = 65_535;

/** One server of a topology. */
export interface TopologyServer {
  /** Its name: a letter, then letters, digits, `_`, `.` and `-`. */
  readonly name: string;
  /** Its TCP port; 0 stands for a free one. */
  readonly port: number;
  /** The host that it runs on, for others to dial: a name, or an IP address. */
  readonly host?: string;
  /** The port for WebSockets, if it accepts them. */
  readonly ws?: number;
  /** The port for datagrams, if it accepts them. */
  readonly udp?: number;
}

/** Fields of a server, with their descriptions. */
export const SERVER_FIELDS = {
  host:
    "The host that it runs on, for others to dial: a name or an IP address.",
  port: "Its TCP port, for clients and neighbours.",
  ws: "The port at which it takes WebSockets.",
  udp:
    "The port at which it takes datagrams; the number of its own, if you like.",
} as const;

const NAMES = Object.keys(SERVER_FIELDS);
/** A DNS name, an IPv4 address, or an IPv6 address. */
const HOST =
  /^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$|^[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/;

/** Reports an error, by its path from the server. */
type Tell = (path: Path, message: string, hint?: { hint?: string }) => void;

/** Parses a port, which may be 0; `undefined` if it is invalid. */
export function portOf(text: YamlValue | undefined): number | undefined {
  const port = typeof text === "string" && /^\d{1,5}$/.test(text)
    ? Number(text)
    : NaN;
  return port <= PORT_MAX ? port : undefined;
}

export function readServer(
  name: string,
  value: Readonly<Record<string, YamlValue>>,
  tell: Tell,
): TopologyServer {
  for (const key of Object.keys(value)) {
    if (NAMES.includes(key)) continue;
    tell([], `unknown field ${key} of ${name}`, hintFor(key, NAMES));
  }
  const { host, ws, udp } = value;
  const isHost = typeof host === "string" && HOST.test(host);
  if (host !== undefined && !isHost) {
    tell(["host"], "the host is a name or an IP address");
  }
  const port = (field: string, value: YamlValue | undefined, min: number) => {
    const read = portOf(value);
    if (read !== undefined && read >= min) return read;
    tell([field], `${name} needs a ${field} from ${min} to ${PORT_MAX}`);
    return 0;
  };
  return {
    name,
    port: port("port", value["port"], 0),
    ...isHost && { host },
    ...ws !== undefined && { ws: port("ws", ws, 1) },
    ...udp !== undefined && { udp: port("udp", udp, 1) },
  };
}
