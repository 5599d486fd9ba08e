/**
 * The manifest of servers under test, `herd.yaml` in their folder: how they are
 * started, and what is special about them. What it leaves out is detected.
 *
 * @module
 */
import * as z from "zod";
import type { Problem } from "./problem.ts";
import { hintFor, nearHint } from "./suggest.ts";
import {
  type FileError,
  type Path,
  valueAt,
  WANTED,
  YamlFile,
  type YamlValue,
} from "./yaml.ts";

export const MANIFEST_FILE = "herd.yaml";

/** What can stand between servers and the network. */
export const ISOLATIONS = ["shim", "netns", "rewrite"] as const;

/**
 * By a shim in each program, by a network namespace around it, or not: what it
 * names is rewritten in a copy, and it reaches all that the machine does.
 */
export type Isolation = typeof ISOLATIONS[number];

/** Signals that may be used to stop a server. */
export const STOP_SIGNALS = [
  "SIGINT",
  "SIGTERM",
  "SIGHUP",
  "SIGQUIT",
  "SIGKILL",
] as const;

const PORT_MAX = 65_535;
const PLACEHOLDER = /\{(\w+)\}/g;

/** A text with placeholders, some of them required. */
function template(known: readonly string[], ...needed: readonly string[]) {
  return z.string().superRefine((text, context) => {
    const names = [...text.matchAll(PLACEHOLDER)].map(([, name]) => name!);
    const missing = needed.find((name) => !names.includes(name));
    const unknown = names.find((name) => !known.includes(name));
    const braced = known.map((name) => `{${name}}`).join(", ");
    const message = unknown !== undefined
      ? `no {${unknown}}, there is ${braced}`
      : missing !== undefined
      ? `it needs {${missing}}`
      : undefined;
    if (message !== undefined) context.addIssue({ code: "custom", message });
  });
}

/** A relative path, of a file or, if it ends with a slash, a folder. */
const path = z.string().refine(
  (text) => /^[^/]/.test(text) && !text.split("/").includes(".."),
  "it must be below the folder",
);

const port = z.string().refine(
  (text) => /^\d{1,5}$/.test(text) && Number(text) <= PORT_MAX && +text > 0,
  `a port is a number from 1 to ${PORT_MAX}`,
).transform(Number).meta({ type: "integer" });

const setupLine = template([
  "name",
  "host",
  "port",
  "peers_json",
  "peer",
  "peer_port",
]);

const dialect = z.strictObject({
  line_end: z.enum(["lf", "crlf"]).exactOptional().meta({
    description: "What ends a command.",
  }),
  half_close: z.enum(["always", "never"]).exactOptional().meta({
    description: "Whether a command is over only at the end of input.",
  }),
  reply_end: z.enum(["line", "close", "silence"]).exactOptional().meta({
    description: "When a reply is over: at its line feed or the end of its " +
      "JSON, when the server closes, or after a silence.",
  }),
  at: template(
    ["server", "difference", "client", "position", "time"],
    ...["client", "position", "time"],
  ).exactOptional().meta({
    description: "How an AT line is written, if not as the protocol has it.",
  }),
  unknown_client: template(["line", "client"]).exactOptional().meta({
    description: "What a WHATSAT of an unknown client is answered; nothing: " +
      "the connection is closed.",
  }),
  bad_line: template(["line"]).exactOptional().meta({
    description: "What a bad line is answered; nothing: the connection is " +
      "closed.",
  }),
  probe: template(["client"], "client").exactOptional().meta({
    description: "The smallest question for a client that is answered.",
  }),
});

export const manifest = z.strictObject({
  command: z.string().exactOptional().meta({
    description: "What starts a server: python3 server.py {name}.",
  }),
  topology: z.string().exactOptional().meta({
    type: ["string", "integer"],
    description: "The herd: a year, or a file beside this one.",
  }),
  isolate: z.enum(ISOLATIONS).exactOptional().meta({
    description: "What stands between servers and the network.",
  }),
  python: z.string().regex(/^\d(\.\d{1,2})?$/, "a version is such as 3.9")
    .exactOptional().meta({
      type: ["string", "number"],
      description: "The Python it is written for, in place of the command's.",
    }),
  ports: z.record(z.string(), port).exactOptional().meta({
    description: "The port on which each server listens, as its source has it.",
  }),
  make: z.record(path, z.string().meta({ type: ["string", "null"] }))
    .exactOptional().meta({
      description: "Files to make, each with its text, and folders: logs/.",
    }),
  setup: z.array(setupLine).exactOptional().meta({
    description: "Lines that a server is sent once it listens; one with " +
      "{peer} for each neighbour.",
  }),
  ready: z.string().min(1, "it must not be empty").exactOptional().meta({
    description: "What it prints when it is ready; else it is once it listens.",
  }),
  stop: z.enum(STOP_SIGNALS).exactOptional().meta({
    description: "The signal that it stops by; SIGINT by default.",
  }),
  catches_up: z.enum(["always", "never"]).exactOptional().meta({
    description: "Whether a server is told what it missed while it was down; " +
      "drills expect it only then.",
  }),
  dialect: dialect.exactOptional().meta({
    description: "How it is spoken to, where that is not found out.",
  }),
});

/** The content of a manifest. */
export type Manifest = z.output<typeof manifest>;

/** How the servers' protocol differs. */
export type ManifestDialect = NonNullable<Manifest["dialect"]>;

/** The JSON schema (2020-12) for editors. */
export function manifestJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(manifest, { io: "input" });
  return { ...schema, title: "The manifest of a herd that is brought" };
}

/** The result of reading a manifest. */
export interface ReadManifest {
  /** The manifest; absent if something is wrong. */
  readonly manifest?: Manifest;
  readonly problems: readonly Problem[];
  /** A problem with the value at a path, for further checks. */
  readonly problemAt: (path: Path, message: string) => Problem;
}

/**
 * Reads a manifest. Total: any text gives one, or problems.
 *
 * @param file The file's name, for problems.
 */
export function parseManifest(text: string, file: string): ReadManifest {
  const yaml = new YamlFile(text, file);
  const problemAt = (path: Path, message: string) =>
    yaml.problemOf({ path, message });
  const { value = {} } = yaml;
  if (yaml.problems.length > 0) return { problems: yaml.problems, problemAt };
  const read = manifest.safeParse(value);
  if (read.success) return { manifest: read.data, problems: [], problemAt };
  const problems = read.error.issues.flatMap((issue) => errorsOf(issue, value))
    .map((error) => yaml.problemOf(error));
  return { problems, problemAt };
}

function errorsOf(issue: z.core.$ZodIssue, value: YamlValue): FileError[] {
  const path = issue.path as Path;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({
        path: [...path, key],
        part: "key",
        message: `unknown field ${key}`,
        ...hintFor(key, fieldsAt(path)),
      }));
    case "invalid_key":
      return [{ path, part: "key", message: issue.issues[0]!.message }];
    case "invalid_value": {
      const message = `it is one of ${issue.values.join(", ")}`;
      const given = valueAt(value, path);
      const near = typeof given === "string"
        ? nearHint(given, issue.values.map(String))
        : {};
      return [{ path, message, ...near }];
    }
    case "invalid_type": {
      const wanted = WANTED[issue.expected] ?? issue.expected;
      return [{ path, message: `it must be ${wanted}` }];
    }
    default:
      return [{ path, message: issue.message }];
  }
}

function fieldsAt(path: Path): string[] {
  return Object.keys(path.length === 0 ? manifest.shape : dialect.shape);
}
