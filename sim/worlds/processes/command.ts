/**
 * The command that starts a server, as a person writes it: words, quotes, and
 * `{name}` and the like where they differ from server to server.
 *
 * @module
 */

/** What stands for what is different for each server. */
export interface Placeholders {
  /** The server's name. */
  readonly name: string;
  /** Where it is to listen. */
  readonly host: string;
  /** The port on which it is to listen. */
  readonly port: number;
  /** Its neighbours, and where it is to dial them. */
  readonly peers: readonly {
    readonly name: string;
    readonly hostname: string;
    readonly port: number;
  }[];
}

const NAMES = ["name", "host", "port", "peers_json"];

/**
 * The words of a command. Quotes hold words together, as in a shell, and there
 * is nothing else of a shell.
 *
 * @throws {RangeError} If it is empty, a quote is left open, or a placeholder is
 * none.
 */
export function parseCommand(text: string): string[] {
  const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
  if (/^(?:""|'')*$/.test(words[0] ?? "")) {
    throw new RangeError("the command is empty");
  }
  if (/["']/.test(text.replaceAll(/"[^"]*"|'[^']*'/g, ""))) {
    throw new RangeError(`a quote is left open: ${text}`);
  }
  for (const [, name = ""] of text.matchAll(/\{(\w+)\}/g)) {
    if (NAMES.includes(name)) continue;
    const known = NAMES.map((name) => `{${name}}`).join(", ");
    throw new RangeError(`no {${name}}, there is ${known}`);
  }
  return words.map((word) =>
    word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, a, b) => a ?? b)
  );
}

/** The words, as they are for one server. */
export function commandFor(
  words: readonly string[],
  placeholders: Placeholders,
): string[] {
  const values = valuesOf(placeholders);
  return words.map((word) => filled(word, values));
}

/**
 * The command, by another Python.
 *
 * @param version Such as `3.9`; the command's own without it.
 * @throws {RangeError} If there is no Python in it.
 */
export function withPython(
  words: readonly string[],
  version: string | undefined,
): readonly string[] {
  if (version === undefined) return words;
  const at = words.findIndex((word) => /(^|\/)python[\d.]*$/.test(word));
  if (at >= 0) return words.with(at, `python${version}`);
  throw new RangeError(`python ${version}: there is no python in the command`);
}

/** The lines that set a server up; those that name a peer once for each. */
export function setupLines(
  lines: readonly string[],
  placeholders: Placeholders,
): string[] {
  const values = valuesOf(placeholders);
  return lines.flatMap((line) => {
    if (!/\{peer(_port)?\}/.test(line)) return [filled(line, values)];
    return placeholders.peers.map(({ name: peer, port }) =>
      filled(line, { ...values, peer, peer_port: String(port) })
    );
  });
}

/** Whether words of a command, or lines that set up, tell ports of peers. */
export function tellsPeers(texts: readonly string[]): boolean {
  return texts.some((text) => /\{(peers_json|peer_port)\}/.test(text));
}

function valuesOf(
  { name, host, port, peers }: Placeholders,
): Record<string, string> {
  const addresses = peers.map(({ name, hostname, port }) =>
    [name, { host: hostname, port }] as const
  );
  return {
    name,
    host,
    port: String(port),
    peers_json: JSON.stringify(Object.fromEntries(addresses)),
  };
}

export function filled(text: string, values: Record<string, string>): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, key: string) => values[key]!);
}
