/**
 * The part of a topology about the hub that joins it with other herds.
 *
 * @module
 */
import { hintFor } from "../suggest.ts";
import { type FileError, isYamlMap, type YamlValue } from "../yaml.ts";

export interface TopologyHub {
  /** The servers that are linked to it. */
  readonly gateways: readonly string[];
  /** Its URL, such as `nats://127.0.0.1:4222`; by default set elsewhere. */
  readonly url?: string;
}

const FIELDS = ["gateways", "url"];
/** URLs of a hub's servers, separated by commas. */
const URLS = /^(nats|tls):\/\/[^\s,]+(,(nats|tls):\/\/[^\s,]+)*$/;

/** Whether a text is a valid list of a hub's URLs. */
export function isHubUrl(text: string): boolean {
  return URLS.test(text) && text.split(",").every((url) => URL.canParse(url));
}

/** Reads the field, and reports all its errors. */
export function readHub(
  value: YamlValue,
  servers: readonly string[],
): { readonly hub?: TopologyHub; readonly problems: readonly FileError[] } {
  if (!isYamlMap(value)) {
    const message = "hub must be a map with the field gateways";
    return { problems: [{ path: [], message }] };
  }
  const problems: FileError[] = Object.keys(value)
    .filter((key) => !FIELDS.includes(key))
    .map((key) => ({
      path: [key],
      part: "key",
      message: `unknown field ${key}`,
      ...hintFor(key, FIELDS),
    }));
  const { gateways = [], url } = value;
  const list = Array.isArray(gateways) ? gateways : [gateways];
  const names = list.map((name) => typeof name === "string" ? name : "");
  if (names.length === 0) {
    problems.push({ path: [], message: "a hub needs a gateway" });
  }
  for (const [at, name] of names.entries()) {
    if (servers.includes(name)) continue;
    problems.push({
      path: ["gateways", ...Array.isArray(gateways) ? [at] : []],
      message: `no server ${name}`,
      ...hintFor(name, servers),
    });
  }
  const isUrl = url === undefined || typeof url === "string" && isHubUrl(url);
  if (!isUrl) {
    const message = "url must be as nats://host:4222, or several with commas";
    problems.push({ path: ["url"], message });
  }
  const told = typeof url === "string" ? { url } : {};
  return { hub: { gateways: [...new Set(names)], ...told }, problems };
}
