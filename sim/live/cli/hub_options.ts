/**
 * The options about a hub.
 *
 * @module
 */
import { given } from "../../model/given.ts";
import { isHubUrl } from "../../model/topology/hub_fields.ts";
import type { HubAddress } from "../hub/herd_hub.ts";
import { optionText } from "./option_file.ts";
import { UsageError } from "./usage_error.ts";

/** The names of the options. */
export const HUB_OPTIONS = [
  "hub",
  "hub-creds",
  "hub-ca",
  "hub-cert",
  "hub-key",
] as const;

/** The section of `--help`. */
export const HUB_HELP = `\
  --hub URL           the NATS servers that join this herd with others, such as
                      nats://user:password@host:4222, or tls://host:4222;
                      several with commas between (default: the topology's)
  --hub-creds FILE    a file of credentials for it
  --hub-ca FILE       who has signed its certificate, as PEM
  --hub-cert FILE     the certificate to show it, with the key in --hub-key FILE`;

/** The options as given. */
export type HubTold = Partial<
  Record<typeof HUB_OPTIONS[number], string | undefined>
>;

/** The options about a hub, if any is given. */
export function hubToldOf(options: HubTold): { readonly hub?: HubTold } {
  const told = HUB_OPTIONS.filter((name) => options[name] !== undefined);
  if (told.length === 0) return {};
  return { hub: Object.fromEntries(told.map((name) => [name, options[name]])) };
}

/**
 * The hub that the command line gives, or else the topology's.
 *
 * @throws {UsageError} If the address is invalid, or a file can't be read.
 */
export function hubOf(
  told: HubTold,
  topologyUrl: string | undefined,
): HubAddress | undefined {
  const url = told.hub ?? topologyUrl;
  const files = HUB_OPTIONS.slice(1).filter((name) => told[name] !== undefined);
  if (url === undefined) {
    if (files.length === 0) return undefined;
    throw new UsageError(`--${files[0]}: of which hub? --hub URL tells`);
  }
  if (!isHubUrl(url)) {
    throw new UsageError(
      "--hub: it must be as nats://host:4222 or tls://host:4222",
    );
  }
  if ((told["hub-cert"] === undefined) !== (told["hub-key"] === undefined)) {
    throw new UsageError("--hub-cert goes with --hub-key");
  }
  const text = (name: typeof HUB_OPTIONS[number]) => {
    const file = told[name];
    return file === undefined ? undefined : optionText(name, file);
  };
  const tls = given({
    ca: text("hub-ca"),
    cert: text("hub-cert"),
    key: text("hub-key"),
  });
  return {
    url,
    ...given({ credentials: text("hub-creds") }),
    ...Object.keys(tls).length > 0 && { tls },
  };
}
