/**
 * The options of a command line that tell of a hub.
 *
 * @module
 */
import { isHubUrl } from "../../model/topology/hub_fields.ts";
import type { HubAddress } from "../hub/herd_hub.ts";
import { optionText } from "./option_file.ts";
import { UsageError } from "./usage_error.ts";

/** The options' names. */
export const HUB_OPTIONS = [
  "hub",
  "hub-creds",
  "hub-ca",
  "hub-cert",
  "hub-key",
] as const;

/** What `--help` says of them. */
export const HUB_HELP = `\
  --hub URL           the NATS servers that join this herd with others, such as
                      nats://user:password@host:4222, or tls://host:4222;
                      several with commas between (default: the topology's)
  --hub-creds FILE    a file of credentials for it
  --hub-ca FILE       who has signed its certificate, as PEM
  --hub-cert FILE     the certificate to show it, with the key in --hub-key FILE`;

/** What was told, option by option. */
export type HubTold = Partial<
  Record<typeof HUB_OPTIONS[number], string | undefined>
>;

/** What of some options was told of a hub, if anything was. */
export function hubToldOf(options: HubTold): { readonly hub?: HubTold } {
  const told = HUB_OPTIONS.filter((name) => options[name] !== undefined);
  if (told.length === 0) return {};
  return { hub: Object.fromEntries(told.map((name) => [name, options[name]])) };
}

/**
 * The hub that a command line names; without one, that of the topology.
 *
 * @throws {UsageError} If it names none, or a file can't be read.
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
  const [credentials, ca] = [text("hub-creds"), text("hub-ca")];
  const [cert, key] = [text("hub-cert"), text("hub-key")];
  const tls = {
    ...ca !== undefined && { ca },
    ...cert !== undefined && { cert },
    ...key !== undefined && { key },
  };
  return {
    url,
    ...credentials !== undefined && { credentials },
    ...Object.keys(tls).length > 0 && { tls },
  };
}
