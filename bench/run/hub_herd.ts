/**
 * A process in which one of the two herds is that a hub joins.
 *
 * @module
 */
import { Herd } from "../../sim/live/herd/herd.ts";
import { loadTopology } from "../../sim/live/herd/load.ts";
import { components } from "../../sim/model/topology/topology.ts";
import { paced } from "./paced.ts";
import { ownArgs, serve } from "./serve.ts";

const POSITION = "+34.068930-118.445127";
const CLIENTS = 10_000;

/** What of a herd is known of a moment. */
export interface Standing {
  /** What its servers hold, in short, if that is the same. */
  readonly digest: string | null;
  /** Clients of which the first server holds a fix. */
  readonly count: number;
}

/** When a line came to a server, in milliseconds since the epoch. */
export type Came = readonly [line: string, atMs: number];

/** One of the parts of the topology, as a herd by itself. */
function startHerd(part: number, hub: string, trace: boolean): Promise<Herd> {
  const { servers, links } = loadTopology("two-herds");
  const own = components({ name: "", servers, links })[part]!;
  const topology = {
    name: `herd ${part + 1}`,
    servers: servers.filter(({ name }) => own.includes(name)),
    links: links.filter(([a]) => own.includes(a)),
  };
  return Herd.start(topology, { hub, trace, places: "none" });
}

async function standing(herd: Herd): Promise<Standing> {
  const all = await Promise.all(herd.names.map((it) => herd.digest(it)));
  const texts = all.map((it) =>
    it.queued > 0 ? "queued" : `${it.count} ${it.fingerprint}`
  );
  const [first] = texts;
  const isSame = first !== "queued" && texts.every((it) => it === first);
  return { digest: isSame ? first! : null, count: all[0]!.count };
}

/** Tells a server that is no gateway, without waiting for its replies. */
async function load(
  herd: Herd,
  perSecond: number,
  seconds: number,
): Promise<void> {
  const client = await herd.client(herd.names[1]!);
  await paced(perSecond, perSecond * seconds, (at) => {
    client.iamat(`c${at % CLIENTS}`, POSITION).catch(() => {});
  });
}

/** What its second server heard of clients, or its last one of others. */
function cameTo(herd: Herd, isFirst: boolean): Came[] {
  const came: Came[] = [];
  const server = isFirst ? herd.names[1] : herd.names[2];
  for (const event of herd.trace()) {
    if (event.kind !== "delivery" || event.server !== server) continue;
    const isMeant = isFirst ? event.from === null : event.isNew;
    if (isMeant) came.push([event.line, event.atMs]);
  }
  return came;
}

if (import.meta.main) {
  const [part, hub, trace, perSecond, seconds] = ownArgs<
    [part: number, hub: string, trace: boolean, rate: number, seconds: number]
  >();
  let herd: Herd;
  await serve({
    start: async () => {
      herd = await startHerd(part, hub, trace);
    },
    first: async () => {
      await using client = await herd.client(herd.names[1]!);
      await client.iamat("first", POSITION);
    },
    load: () => load(herd, perSecond, seconds),
    standing: () => standing(herd),
    heard: () => cameTo(herd, true),
    came: () => cameTo(herd, false),
  });
}
