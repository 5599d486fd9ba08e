/**
 * The graph on the screen: positions, hit tests and neighbours.
 *
 * @module
 */
import type { FaultView, LinkView, ServerView } from "../../model/web/batch.ts";
import { distanceToLine } from "../../report_page/diagram_hits.ts";
import { linkName, type Snapshot } from "../snapshot.ts";
import type { Ends, Point } from "./layout.ts";
import {
  FaultsByTarget,
  type LinkLook,
  linkLook,
  type ServerLook,
  serverLook,
} from "./looks.ts";

/** A server on the screen. */
export interface SceneNode {
  readonly name: string;
  x: number;
  y: number;
  /** `undefined` until it is reported. */
  server: ServerView | undefined;
  look: ServerLook | undefined;
  faults: readonly FaultView[];
  /** Whether it lacks a followed client's newest fix. */
  isBehind: boolean;
  /** Whether it is a single point of failure. */
  isWeak: boolean;
  degree: number;
  /**
   * Where its links lead: mostly down, if positive. Its name goes to the other
   * side.
   */
  pull: number;
}

export interface SceneEdge {
  readonly name: string;
  readonly a: SceneNode;
  readonly b: SceneNode;
  /** `undefined` until it is reported. */
  link: LinkView | undefined;
  look: LinkLook | undefined;
  /** Lines a second from `a` to `b`. */
  rateAB: number;
  /** Lines a second from `b` to `a`. */
  rateBA: number;
  /** Whether it is a single point of failure. */
  isWeak: boolean;
}

/** A server or a link by name. */
export type Chosen = {
  readonly kind: "server" | "link";
  readonly name: string;
};

/** Servers and links with their reported state. */
export class Scene {
  readonly nodes: readonly SceneNode[];
  readonly edges: readonly SceneEdge[];
  readonly #byName: ReadonlyMap<string, SceneNode>;
  #told = "";

  constructor(names: readonly string[], links: readonly Ends[]) {
    this.nodes = names.map((name) => ({
      name,
      x: 0,
      y: 0,
      server: undefined,
      look: undefined,
      faults: [],
      isBehind: false,
      isWeak: false,
      degree: 0,
      pull: 0,
    }));
    this.#byName = new Map(this.nodes.map((node) => [node.name, node]));
    this.edges = links.flatMap((ends) => {
      const [a, b] = [this.node(ends.a), this.node(ends.b)];
      if (a === undefined || b === undefined) return [];
      a.degree++;
      b.degree++;
      return [{
        name: linkName(ends),
        a,
        b,
        link: undefined,
        look: undefined,
        rateAB: 0,
        rateBA: 0,
        isWeak: false,
      }];
    });
  }

  node(name: string): SceneNode | undefined {
    return this.#byName.get(name);
  }

  /**
   * Takes the state at a moment; returns whether anything but rates has
   * changed.
   */
  take(snapshot: Snapshot, followed: readonly string[]): boolean {
    const faults = new FaultsByTarget(snapshot.faults);
    const behind = new Set(
      followed.flatMap((client) => snapshot.fixes.get(client)?.behind ?? []),
    );
    const weakServers = new Set(snapshot.shape?.cutServers);
    const weakLinks = new Set(snapshot.shape?.cutLinks);
    for (const node of this.nodes) {
      node.server = snapshot.servers.get(node.name);
      node.look = node.server && serverLook(node.server, snapshot);
      node.faults = faults.on(node.name);
      node.isBehind = behind.has(node.name);
      node.isWeak = weakServers.has(node.name);
    }
    for (const edge of this.edges) {
      edge.link = snapshot.links.get(edge.name);
      edge.look = edge.link && linkLook(edge.link, faults);
      edge.rateAB = snapshot.rates.get(`${edge.a.name}>${edge.b.name}`) ?? 0;
      edge.rateBA = snapshot.rates.get(`${edge.b.name}>${edge.a.name}`) ?? 0;
      edge.isWeak = weakLinks.has(edge.name);
    }
    const told = this.#telling();
    const isOther = told !== this.#told;
    this.#told = told;
    return isOther;
  }

  /**
   * Everything shown of servers and links but rates, as one text for
   * comparison.
   */
  #telling(): string {
    let text = "";
    for (const { look, server, faults, isBehind, isWeak } of this.nodes) {
      text += `${look?.word} ${server?.records} ${isBehind} ${isWeak}`;
      for (const { id, touched } of faults) text += ` ${id} ${touched}`;
      text += "\n";
    }
    for (const { look, link, isWeak } of this.edges) {
      text += `${look?.word} ${isWeak} ${link?.queuedAB} ${link?.queuedBA} ` +
        `${link?.lagAB} ${link?.lagBA}`;
      for (const { id, touched } of look?.faults ?? []) {
        text += ` ${id} ${touched}`;
      }
      text += "\n";
    }
    return text;
  }

  /** The server or link at a point; servers first. */
  hit(point: Point, radius: number): Chosen | undefined {
    let found: Chosen | undefined;
    let nearest = radius + 8;
    for (const { name, x, y } of this.nodes) {
      const distance = Math.hypot(x - point.x, y - point.y);
      if (distance >= nearest) continue;
      nearest = distance;
      found = { kind: "server", name };
    }
    if (found !== undefined) return found;
    nearest = 8;
    for (const { name, a, b } of this.edges) {
      const distance = distanceToLine([point.x, point.y], [a.x, a.y], [
        b.x,
        b.y,
      ]);
      if (distance >= nearest) continue;
      nearest = distance;
      found = { kind: "link", name };
    }
    return found;
  }

  /** The nearest server in a direction, for arrow keys. */
  towards(name: string, dx: number, dy: number): string | undefined {
    const from = this.node(name);
    if (from === undefined) return this.nodes[0]?.name;
    let found: string | undefined;
    let least = Infinity;
    for (const { name: other, x, y } of this.nodes) {
      const along = (x - from.x) * dx + (y - from.y) * dy;
      if (along <= 1) continue;
      const aside = Math.abs((x - from.x) * dy) + Math.abs((y - from.y) * dx);
      const cost = along + 2.5 * aside;
      if (cost >= least) continue;
      least = cost;
      found = other;
    }
    return found;
  }
}

export function isWithin(point: Point, polygon: readonly Point[]): boolean {
  let isIn = false;
  for (const [i, p] of polygon.entries()) {
    const q = polygon.at(i - 1)!;
    if ((p.y > point.y) === (q.y > point.y)) continue;
    const x = (q.x - p.x) * (point.y - p.y) / (q.y - p.y) + p.x;
    if (point.x < x) isIn = !isIn;
  }
  return isIn;
}
