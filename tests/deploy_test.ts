/**
 * What `deploy/` has for several machines: systemd's unit, and what containers
 * are started with. tests/deploy/ compares the latter with their schemas.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { parse, parseAllDocuments } from "yaml";
import { parseServeArguments } from "../sim/live/cli/serve_options.ts";
import { unless, whyNoProgram } from "./skipped.ts";

const ROOT = new URL("../", import.meta.url);
const UNIT = "deploy/herd@.service";
/** The one that docs/deploy.md tells of, which is Debian 12's. */
const SYSTEMD = "252";
const HERD = new URL("deploy/herd.yaml", ROOT).pathname;

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** The words by which the unit starts a server. */
function unitArguments(server: string): string[] {
  const [, command = ""] = /^ExecStart=((?:.*\\\n)*.*)$/m.exec(read(UNIT)) ??
    [];
  return command.replaceAll("\\\n", " ").replaceAll("%i", server)
    .split("serve_main.ts")[1]!.trim().split(/\s+/)
    .filter((word) => word !== "$HERD_OPTIONS");
}

/** By server, with what its container is started. */
function composeArguments(): string[][] {
  const { services } = parse(read("deploy/compose.yaml"), { merge: true });
  return Object.values<{ command: string[] }>(services)
    .map(({ command }) => command);
}

function podArguments(): string[][] {
  const stateful = parseAllDocuments(read("deploy/kubernetes.yaml"))
    .map((document) => document.toJS())
    .find(({ kind }) => kind === "StatefulSet");
  const { metadata, spec: { replicas, template } } = stateful;
  const [{ args }] = template.spec.containers;
  return Array.from(
    { length: replicas },
    (_, at) =>
      args.map((word: string) =>
        word.replace("$(NAME)", `${metadata.name}-${at}`)
      ),
  );
}

/** Parses them as the program does, with this project's file for the herd's. */
function serverOf(words: readonly string[]): string {
  const args = words.map((word) => word.replace("/etc/herd/herd.yaml", HERD));
  const parsed = parseServeArguments(args);
  assert(parsed !== "help");
  return parsed.name;
}

Deno.test("deploy/: what servers are started with, deno task serve takes", () => {
  const names = Object.keys(parse(read("deploy/herd.yaml")).servers);
  assertEquals(composeArguments().map(serverOf), names);
  assertEquals(podArguments().map(serverOf), names);
  assertEquals(names.map(unitArguments).map(serverOf), names);
});

function analyze(...args: string[]): string {
  const { stdout, stderr } = new Deno.Command("systemd-analyze", {
    args: [...args, "--no-pager"],
  }).outputSync();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return text(stdout) + text(stderr);
}

function whyNoSystemd(): string | undefined {
  const why = whyNoProgram("systemd-analyze");
  if (why !== undefined) return why;
  const [, version] = /^systemd (\d+)/.exec(analyze("--version")) ?? [];
  return version === SYSTEMD ? undefined : `it is of systemd ${SYSTEMD}`;
}

Deno.test({
  ...unless(
    whyNoSystemd(),
    "deploy/herd@.service is right for systemd, and as exposed as docs/deploy.md says",
  ),
  fn() {
    const folder = Deno.makeTempDirSync();
    const unit = `${folder}/herd@Ash.service`;
    // Where Deno is not installed as the unit wants it, that is not its fault.
    const text = read(UNIT).replace("/usr/local/bin/deno", Deno.execPath());
    Deno.writeTextFileSync(unit, text);
    // It also tells of other units of this machine.
    const wrong = analyze("verify", unit).split("\n")
      .filter((line) => line.includes("herd@Ash"));
    assertEquals(wrong, []);
    const said = analyze("security", "--offline=true", unit);
    const [, exposure] = /level for \S+: ([\d.]+)/.exec(said) ?? [];
    const [, told] = /`systemd-analyze security` gives it ([\d.]+\d)/
      .exec(read("docs/deploy.md").replaceAll(/\s+/g, " ")) ?? [];
    assertEquals(told, exposure);
    Deno.removeSync(folder, { recursive: true });
  },
});
