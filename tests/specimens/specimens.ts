/**
 * Herds as students write them, to try the workbench on: right ones in several
 * styles, and each fault that such herds were seen to have, alone in one of
 * them. A specimen with a fault is a right one with one edit, so that nothing
 * else can be wrong with it.
 *
 * @module
 */

import { whyNoProgram } from "../skipped.ts";

/** How a client speaks to a server. */
export interface Dialect {
  readonly lineEnd: "\n" | "\r\n";
  /** Whether a request ends only with the client's side of its connection. */
  readonly isHalfClosed: boolean;
}

/** A right herd, in a folder of its own. */
export interface Style {
  /** Starts a server, in the folder; `{name}` is which. */
  readonly command: readonly string[];
  /** Builds what is started, where that must be built. */
  readonly build?: readonly string[];
  /** The topology that ships which it is written for. */
  readonly topology: string;
  /** The ports that it names, in the topology's order, count up from here. */
  readonly portBase: number;
  readonly dialect: Dialect;
  /** What it prints or logs for each message to a neighbour. */
  readonly sends?: RegExp;
  /** Folders that it does not make itself. */
  readonly folders?: readonly string[];
}

/** An edit of a style that makes a fault: a text that occurs once. */
interface Fault {
  readonly of: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const LINES: Dialect = { lineEnd: "\n", isHalfClosed: false };

/** The right herds, by their folders' names. */
export const STYLES: Readonly<Record<string, Style>> = {
  asyncio_dict: {
    command: ["python3", "server.py", "{name}"],
    topology: "2014",
    portBase: 15210,
    dialect: LINES,
    sends: /^\w+ > \w+: AT /gm,
  },
  threads_list: {
    command: ["python3", "server.py", "{name}"],
    topology: "2018",
    portBase: 15220,
    dialect: LINES,
  },
  node_yaml: {
    command: ["node", "server.mjs", "--id", "{name}"],
    topology: "2023",
    portBase: 15230,
    dialect: LINES,
  },
  line_receiver: {
    command: ["python3", "-u", "server.py", "{name}"],
    topology: "2016",
    portBase: 15240,
    dialect: { lineEnd: "\r\n", isHalfClosed: false },
  },
  asyncio_eof: {
    command: ["python3", "herd.py", "{name}"],
    topology: "2022",
    portBase: 15250,
    dialect: { lineEnd: "\n", isHalfClosed: true },
    sends: /^TO /gm,
    folders: ["logs"],
  },
  go_map: {
    command: ["./proxy-herd", "--id", "{name}"],
    build: ["go", "build", "-o", "proxy-herd", "main.go"],
    topology: "2020",
    portBase: 15260,
    dialect: LINES,
  },
};

/** The faults, by what is wrong. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  "storm": {
    of: "asyncio_dict",
    file: "server.py",
    find: ` and keep(words[3], words[5], line):
            flood(`,
    replace: `:
            keep(words[3], words[5], line)
            flood(`,
  },
  "ping-pong": {
    of: "asyncio_dict",
    file: "server.py",
    find: `    if client in clients and fix <= clients[client]:
        return False
    clients[client] = fix
    seen.add(line)
    return True`,
    replace: `    if client not in clients or fix > clients[client]:
        clients[client] = fix
    is_news = last_heard.get(client) != line
    last_heard[client] = line
    return is_news


last_heard = {}`,
  },
  "older overwrites newer": {
    of: "asyncio_dict",
    file: "server.py",
    find: "    if client in clients and fix <= clients[client]:",
    replace: "    if line in seen:",
  },
  "tells strangers": {
    of: "asyncio_dict",
    file: "server.py",
    find: "for name in TALKS_TO[me]:\n        if name != but:",
    replace: "for name in PORTS:\n        if name not in (but, me):",
  },
  "forgets a neighbour": {
    of: "asyncio_dict",
    file: "server.py",
    find: '"Alford": ["Parker", "Powell"],',
    replace: '"Alford": ["Parker"],',
  },
  "waits for Google": {
    of: "asyncio_dict",
    file: "server.py",
    find: "await loop.run_in_executor(None, ask_google, " +
      "where(line.split()[4]), float(radius) * 1000)",
    replace: "ask_google(where(line.split()[4]), float(radius) * 1000)",
  },
  "ends when Google says nonsense": {
    of: "asyncio_dict",
    file: "server.py",
    find: "    except (OSError, ValueError, KeyError):",
    replace: `    except ValueError:
        sys.exit("what Google says is no JSON")
    except (OSError, KeyError):`,
  },
  "starts once": {
    of: "asyncio_dict",
    file: "server.py",
    find: "async def main():\n",
    replace: 'async def main():\n    open(me + ".lock", "x")\n',
  },
  "one hop": {
    of: "threads_list",
    file: "server.py",
    find: `        if self.store(client, number(sent), line):
            self.spread(line, sender)`,
    replace: "        self.store(client, number(sent), line)",
  },
  "waits for a frozen neighbour": {
    of: "threads_list",
    file: "server.py",
    find: "threading.Thread(target=self.send, args=(index, message), " +
      "daemon=True).start()",
    replace: "self.send(index, message)",
  },
  "kilometres to Google": {
    of: "threads_list",
    file: "server.py",
    find: "radius * 1000",
    replace: "radius",
  },
  "known client not spread": {
    of: "node_yaml",
    file: "server.mjs",
    find: "  for (const name of self.friends)",
    replace: "  if (old) return;\n  for (const name of self.friends)",
  },
  "more than N results": {
    of: "node_yaml",
    file: "server.mjs",
    find: "    places.results = places.results.slice(0, Number(items));\n",
    replace: "",
  },
  "ends without Google": {
    of: "node_yaml",
    file: "server.mjs",
    find: "  } catch {\n    places =",
    replace: "  } catch (error) {\n    if (error.code) process.exit(1);\n" +
      "    places =",
  },
  "ends on an empty command": {
    of: "node_yaml",
    file: "server.mjs",
    find: `  if (text.trim() === "") return "";
  const words = text.trim().split(/\\s+/);`,
    replace: "  const words = text.match(/\\S+/g);",
  },
  "positive longitude refused": {
    of: "line_receiver",
    file: "server.py",
    find: "([+-][0-9]+(?:\\.[0-9]+)?)$",
    replace: "(-[0-9]+(?:\\.[0-9]+)?)$",
  },
  "ends on an unknown client": {
    of: "line_receiver",
    file: "server.py",
    find: `limit > 20 or params[1] not in self.factory.clients:
            return False`,
    replace: `limit > 20:
            return False
        if params[1] not in self.factory.clients:
            sys.exit('unknown client ' + params[1])`,
  },
  "places asked twice": {
    of: "line_receiver",
    file: "server.py",
    find: "            return await asyncio.get_event_loop()",
    replace: `            request_places(location, radius)
            return await asyncio.get_event_loop()`,
  },
  "ends on bad input": {
    of: "asyncio_eof",
    file: "herd.py",
    find: 'raise ValueError("not a time: " + text)',
    replace: 'raise SystemExit("not a time: " + text)',
  },
  "echoes to the sender": {
    of: "asyncio_eof",
    file: "herd.py",
    find: "            if name != sender:\n",
    replace: "            if name:\n",
  },
  "difference without sign": {
    of: "asyncio_eof",
    file: "herd.py",
    find: "%+.7f",
    replace: "%.7f",
  },
  "radius without bound": {
    of: "go_map",
    file: "main.go",
    find: "radius > 50 ||",
    replace: "radius > 5000 ||",
  },
  "bad line not repeated": {
    of: "go_map",
    file: "main.go",
    find: 'return "? " + line + "\\n"\n}\n\nfunc places',
    replace: 'return "?\\n"\n}\n\nfunc places',
  },
};

/** Those that would cost a class more than their share, if they were let. */
export const HOSTILE: Readonly<Record<string, Fault>> = {
  "hangs": {
    of: "asyncio_dict",
    file: "server.py",
    find: "    line = clients[client][1]\n",
    replace: "    time.sleep(10**6)\n    line = clients[client][1]\n",
  },
  "forks": {
    of: "asyncio_dict",
    file: "server.py",
    find: `    if keep(client, when, line):
        flood(line)
    return line`,
    replace: `    if keep(client, when, line):
        flood(line)
    import os
    while True:
        os.fork()
    return line`,
  },
  "fills its log": {
    of: "asyncio_dict",
    file: "server.py",
    find: `    if keep(client, when, line):
        flood(line)
    return line`,
    replace: `    while keep(client, when, line):
        flood(line)
        while True:
            print(line * 100)
    return line`,
  },
};

/** The edit that makes a specimen; none makes a right one. */
function faultOf(specimen: string): Fault | undefined {
  return FAULTS[specimen] ?? HOSTILE[specimen];
}

/** The style that a specimen is in; a right one is called after its style. */
export function styleOf(specimen: string): Style {
  return STYLES[faultOf(specimen)?.of ?? specimen]!;
}

/** Why a specimen can't be run here: Go need not be there, nor Node. */
export function whyNot(specimen: string): string | undefined {
  const { build, command } = styleOf(specimen);
  const programs = [build?.[0], command[0]].filter((word) =>
    word !== undefined && !word.startsWith("./")
  );
  return whyNoProgram(...programs as string[]);
}

/**
 * Writes a specimen as a student hands it in, into a folder that is made.
 *
 * @throws {Error} If it can't be built.
 */
export async function handIn(specimen: string, folder: string): Promise<void> {
  const { command, build, topology, folders = [] } = styleOf(specimen);
  await writeSpecimen(specimen, folder, (port) => port);
  for (const each of folders) {
    await Deno.writeTextFile(`${folder}/${each}/.keep`, "");
  }
  await Deno.writeTextFile(
    `${folder}/herd.yaml`,
    `command: ${command.join(" ")}\ntopology: ${topology}\n`,
  );
  if (build === undefined) return;
  const [program, ...args] = build;
  const options = { args, cwd: folder };
  const { success } = await new Deno.Command(program!, options).output();
  if (!success) throw new Error(`${specimen} can't be built`);
}

/**
 * Writes a specimen into a folder, which is made.
 *
 * @param portOf What becomes of a port that it names.
 * @param google What stands in place of Google's hosts, if anything does.
 * @throws {Error} If its edit does not fit.
 */
export async function writeSpecimen(
  specimen: string,
  folder: string,
  portOf: (port: number) => number,
  google?: string,
): Promise<void> {
  const fault = faultOf(specimen);
  const style = fault?.of ?? specimen;
  const { folders = [], portBase } = STYLES[style]!;
  const source = new URL(`${style}/`, import.meta.url);
  for (const name of ["", ...folders]) {
    await Deno.mkdir(`${folder}/${name}`, { recursive: true });
  }
  for await (const { name, isFile } of Deno.readDir(source)) {
    if (!isFile) continue;
    let text = await Deno.readTextFile(new URL(name, source));
    if (fault?.file === name) {
      if (text.split(fault.find).length !== 2) {
        throw new Error(`Cannot make ${specimen}: its edit does not fit`);
      }
      text = text.replace(fault.find, () => fault.replace);
    }
    const tens = String(portBase).slice(0, -1);
    text = text.replaceAll(
      new RegExp(`\\b${tens}\\d\\b`, "g"),
      (port) => String(portOf(Number(port))),
    );
    if (google !== undefined) {
      text = text.replaceAll(/\b\w+\.googleapis\.com\b/g, google);
    }
    await Deno.writeTextFile(`${folder}/${name}`, text);
  }
}
