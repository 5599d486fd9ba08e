/**
 * The trees: for each server that hears clients, whom its updates come from and
 * whom they are not pushed to.
 *
 * @module
 */
import { type ByteString, isText, SPACE } from "../bytes/bytes.ts";
import { fnv1a, FNV_OFFSET, FNV_PRIME } from "../bytes/hash.ts";
import type { FixSpan } from "../wire/fix.ts";
import type { Link } from "../link/link.ts";
import type { DisseminationHost } from "./dissemination.ts";

/** Bytes of an AT line before the name of the server: `AT `. */
const NAME_AT = 3;

/** What a link is to one tree. */
export interface Way {
  readonly link: Link;
  /** The neighbour's number; see {@linkcode Roots.numberOf}. */
  readonly number: number;
  /** Whether its neighbour has pruned us: updates are announced there. */
  isLazy: boolean;
  /** The link's heartbeat when we last pruned it; -1 if its updates are welcome. */
  prunedAt: number;
}

/** What a node knows of the tree that begins at one server. */
export interface Root {
  readonly name: ByteString;
  /** The way by which its updates come; open if that is not settled. */
  parent: Way | undefined;
  /** All links that are up. */
  ways: Way[];
  /** The tick in which something new of it came last. */
  heardTick: number;
}

/** The way that a link is in a tree. */
export function wayOf({ ways }: Root, link: Link): Way | undefined {
  for (const way of ways) if (way.link === link) return way;
  return undefined;
}

/** All trees that a node has heard of. */
export class Roots {
  readonly #links: DisseminationHost["links"];
  /** By a hash of the name, for a line tells it in bytes. */
  readonly #byHash = new Map<number, Root[]>();
  readonly #numbers = new Map<ByteString, number>();

  /** None yet; each begins with all links that are up. */
  constructor(links: DisseminationHost["links"]) {
    this.#links = links;
  }

  /** The tree of the server that heard a fix. */
  of({ block: { bytes }, start }: FixSpan): Root {
    const from = start + NAME_AT;
    let to = from;
    let hash = FNV_OFFSET;
    for (; bytes[to] !== SPACE; to++) {
      hash = Math.imul(hash ^ bytes[to]!, FNV_PRIME);
    }
    const known = this.#byHash.get(hash);
    if (known !== undefined) {
      for (const root of known) {
        if (isText(bytes, from, to, root.name)) return root;
      }
    }
    return this.#add(hash, String.fromCharCode(...bytes.subarray(from, to)));
  }

  /** The tree of the server of this name. */
  named(name: ByteString): Root {
    const hash = fnv1a(name);
    return this.#byHash.get(hash)?.find((root) => root.name === name) ??
      this.#add(hash, name);
  }

  /** A neighbour's number, from 1: the same whenever its link is up. */
  numberOf(peer: ByteString): number {
    const number = this.#numbers.get(peer) ?? this.#numbers.size + 1;
    this.#numbers.set(peer, number);
    return number;
  }

  /** A link has come up: all trees go by it. */
  join(link: Link): void {
    for (const roots of this.#byHash.values()) {
      for (const root of roots) root.ways.push(this.#way(link));
    }
  }

  /** A link is down: no tree has anything of it. */
  forget(link: Link): void {
    for (const roots of this.#byHash.values()) {
      for (const root of roots) {
        root.ways = root.ways.filter((way) => way.link !== link);
        if (root.parent?.link === link) root.parent = undefined;
      }
    }
  }

  #way(link: Link): Way {
    const number = this.numberOf(link.peer);
    return { link, number, isLazy: false, prunedAt: -1 };
  }

  #add(hash: number, name: ByteString): Root {
    const root: Root = {
      name,
      parent: undefined,
      ways: [...this.#links.values()].map((link) => this.#way(link)),
      heardTick: -Infinity,
    };
    const known = this.#byHash.get(hash);
    if (known === undefined) this.#byHash.set(hash, [root]);
    else known.push(root);
    return root;
  }
}
