/**
 * What must always hold of links: neighbours understand each other, and have
 * one connection.
 *
 * @module
 */
import { partsOf } from "../history_parts.ts";
import { LINK_FAULTS } from "../steps/link_faults.ts";
import { type Evidence, Lives } from "./evidence.ts";
import type { Violation } from "./violation.ts";

/** Faults after which a list may have other lines than were written. */
const LINE_FAULTS: readonly string[] = LINK_FAULTS
  .filter(({ isOfLines }) => isOfLines).map(({ kind }) => kind);

/** For how long two connections may coexist while one replaces the other. */
const OVERLAP_MS_MAX = 2_000;
/** The same in virtual time, where no busy machine causes delays. */
const VIRTUAL_OVERLAP_MS_MAX = 50;

/**
 * No server closes a link because of what the other one sent, if both speak the
 * same protocol, unless a fault has dropped, duplicated, moved or corrupted
 * lines.
 */
export function* noBadLine({ history }: Evidence): Iterable<Violation> {
  const check = "no bad line on a link";
  for (const event of partsOf(history).others) {
    if (event.kind === "fault-begin" && LINE_FAULTS.includes(event.fault)) {
      break;
    }
    if (event.kind !== "link" || event.isUp) continue;
    const { server, peer, why = "", wrong, atMs } = event;
    if (wrong === undefined || wrong === "silence") continue;
    yield { check, atMs, text: `${server} closed on ${peer}: ${why}` };
  }
}

/** A server keeps one connection with each neighbour, whoever dialled. */
export function oneConnection({ history, seen }: Evidence): Violation[] {
  const check = "one connection a link";
  const maxMs = seen?.world === "virtual"
    ? VIRTUAL_OVERLAP_MS_MAX
    : OVERLAP_MS_MAX;
  const found: Violation[] = [];
  const open = new Map<string, Map<string, Set<string>>>();
  /** Since when a link has had two connections. */
  const doubled = new Map<string, { server: string; sinceMs: number }>();
  const judge = (link: string, atMs: number) => {
    const two = doubled.get(link);
    doubled.delete(link);
    if (two === undefined || atMs - two.sinceMs <= maxMs) return;
    const forMs = Math.round(atMs - two.sinceMs);
    found.push({ check, atMs, text: `${link} had two for ${forMs} ms` });
  };
  const lives = new Lives();
  for (const event of partsOf(history).others) {
    if (lives.read(event)) {
      open.delete(event.server);
      for (const [link, { server }] of doubled) {
        if (server === event.server) doubled.delete(link);
      }
    }
    if (event.kind !== "connection") continue;
    const { server, peer, connection, isOpen, atMs } = event;
    const links = open.getOrInsertComputed(server, () => new Map());
    const its = links.getOrInsertComputed(peer, () => new Set());
    if (isOpen) its.add(connection);
    else its.delete(connection);
    const link = `${server}'s link with ${peer}`;
    if (its.size < 2) judge(link, atMs);
    else if (!doubled.has(link)) doubled.set(link, { server, sinceMs: atMs });
  }
  const endMs = history.at(-1)?.atMs ?? 0;
  for (const link of [...doubled.keys()]) judge(link, endMs);
  return found;
}
