/**
 * The trees: one for each server that receives fixes from clients, with the
 * neighbour its updates come from and those they are not pushed to.
 *
 * @module
 */
import { type ByteString, isText, SPACE } from "../bytes/bytes.ts";
import { fnv1a, FNV_OFFSET, FNV_PRIME } from "../bytes/hash.ts";
import type { FixSpan } from "../wire/fix.ts";
import type { Link } from "../link/link.ts";
import type { DisseminationNeeds } from "./dissemination.ts";

/** Offset of the server's name in an AT line, after `AT `. */
const NAME_AT = 3;

/** A link's state in one tree. */
export interface Way {
  readonly link: Link;
  readonly number: number;
  /**
   * Whether the neighbour has pruned this link: updates are announced on it.
   */
  isLazy: boolean;
  /**
   * The link's heartbeat at which we last pruned it; -1 if updates are welcome.
   */
  prunedAt: number;
}

/** What a node knows of the tree rooted at one server. */
export interface Root {
  readonly name: ByteString;
  /** The link that its updates come by; `undefined` if not settled. */
  parent: Way | undefined;
  /** All links that are up. */
  ways: Way[];
  /** The tick in which the last new update of this tree came. */
  heardTick: number;
}

/** The state of a link in a tree. */
export function wayOf({ ways }: Root, link: Link): Way | undefined {
  for (const way of ways) if (way.link === link) return way;
  return undefined;
}

/** The trees that a node knows. */
export class Roots {
  readonly #links: DisseminationNeeds["links"];
  /** Keyed by a hash of the name, since lines carry the name as bytes. */
  readonly #byHash = new Map<number, Root[]>();
  readonly #numbers = new Map<ByteString, number>();

  /** Each tree begins with all links that are up. */
  constructor(links: DisseminationNeeds["links"]) {
    this.#links = links;
  }

  /** The tree of the server that received this fix from its client. */
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

  named(name: ByteString): Root {
    const hash = fnv1a(name);
    return this.#byHash.get(hash)?.find((root) => root.name === name) ??
      this.#add(hash, name);
  }

  /**
   * A neighbour's number, from 1. It is the same each time its link comes up.
   */
  numberOf(peer: ByteString): number {
    const number = this.#numbers.get(peer) ?? this.#numbers.size + 1;
    this.#numbers.set(peer, number);
    return number;
  }

  /** Adds a link that came up to all trees. */
  join(link: Link): void {
    for (const roots of this.#byHash.values()) {
      for (const root of roots) root.ways.push(this.#way(link));
    }
  }

  /** Removes a link that went down from all trees. */
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
