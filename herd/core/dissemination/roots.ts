/**
 * The trees: for each server that hears clients, whom its updates come from and
 * whom they are not pushed to.
 *
 * @module
 */
import type { ByteString } from "../bytes.ts";
import type { FixSpan } from "../fix.ts";
import type { Link } from "../link.ts";

const SPACE = 32;
/** Bytes of an AT line before the name of the server: `AT `. */
const NAME_AT = 3;
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** What a node knows of the tree that begins at one server. */
export interface Root {
  /** The server's name. */
  readonly name: ByteString;
  /** The link by which its updates come; open if that is not settled. */
  parent: Link | undefined;
  /** Links whose neighbour has pruned us: its updates are announced there. */
  readonly lazy: Set<Link>;
  /** Links that we have pruned, and their beat when we last did. */
  readonly pruned: Map<Link, number>;
}

/** All trees that a node has heard of. */
export class Roots {
  /** By a hash of the name, for a line tells it in bytes. */
  readonly #byHash = new Map<number, Root[]>();

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
        if (isName(root.name, bytes, from, to)) return root;
      }
    }
    return this.#add(hash, String.fromCharCode(...bytes.subarray(from, to)));
  }

  /** The tree of the server of this name. */
  named(name: ByteString): Root {
    let hash = FNV_OFFSET;
    for (let i = 0; i < name.length; i++) {
      hash = Math.imul(hash ^ name.charCodeAt(i), FNV_PRIME);
    }
    return this.#byHash.get(hash)?.find((root) => root.name === name) ??
      this.#add(hash, name);
  }

  /** A link is down: no tree has anything of it. */
  forget(link: Link): void {
    for (const roots of this.#byHash.values()) {
      for (const root of roots) {
        root.lazy.delete(link);
        root.pruned.delete(link);
        if (root.parent === link) root.parent = undefined;
      }
    }
  }

  #add(hash: number, name: ByteString): Root {
    const root: Root = {
      name,
      parent: undefined,
      lazy: new Set(),
      pruned: new Map(),
    };
    const known = this.#byHash.get(hash);
    if (known === undefined) this.#byHash.set(hash, [root]);
    else known.push(root);
    return root;
  }
}

function isName(
  name: ByteString,
  bytes: Uint8Array,
  from: number,
  to: number,
): boolean {
  if (name.length !== to - from) return false;
  for (let i = 0; i < name.length; i++) {
    if (name.charCodeAt(i) !== bytes[from + i]) return false;
  }
  return true;
}
