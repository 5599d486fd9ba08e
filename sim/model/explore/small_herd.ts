/**
 * The states of a small herd, and which of them follow from which.
 *
 * @module
 */
import type { ByteString } from "../../../herd/core/bytes/bytes.ts";
import { partsOf, type TopologyLink } from "../topology/topology.ts";
import { Fixes } from "./fixes.ts";
import { Histories } from "./histories.ts";
import type { Move } from "./moves.ts";
import { ASKED, type Setup } from "./setup.ts";
import type { Answer, ServerEvent, Standing } from "./small_server.ts";
import { type Draft, draftOf, FAULT, QUESTION, type State } from "./state.ts";
import { Ways } from "./ways.ts";

/** Heartbeats before the beginning: trees use no link that is younger. */
const SETTLING_HEARTBEATS = 4;
/** A herd that has not settled after so many moves never will. */
const SETTLING_MOVES_MAX = 1_000;
/** In place of a history: the server is not running. */
const DEAD = 0;

export class SmallHerd {
  readonly #setup: Setup;
  readonly #servers: readonly string[];
  readonly #ways: Ways;
  readonly #fixes: Fixes;
  readonly #histories: Histories;
  /** All lines that were ever written, and their numbers. */
  readonly #lines: ByteString[] = [];
  readonly #numbers = new Map<ByteString, number>();
  /** All links are up, and for long enough that trees use them. */
  readonly start: State;

  constructor(setup: Setup, histories = new Histories(setup)) {
    this.#setup = setup;
    this.#servers = setup.servers;
    this.#ways = new Ways(setup.links);
    this.#fixes = new Fixes(setup);
    this.#histories = histories;
    this.start = this.#started();
  }

  #started(): State {
    const { told, fault, asked, mode, links } = this.#setup;
    let state: Draft = {
      met: this.#servers.map((name) => this.#histories.fresh(name)),
      ways: this.#ways.all.map(() => undefined),
      untold: (1 << told.length) - 1,
      alive: 0,
      fault: fault.kind === "none" ? FAULT.over : FAULT.toCome,
      question: asked === undefined ? QUESTION.over : QUESTION.toCome,
      due: 0,
    };
    for (const link of links) this.#up(state, link);
    state = this.#settled(state);
    for (let at = 0; mode === "tree" && at < SETTLING_HEARTBEATS; at++) {
      for (const server of this.#servers) {
        this.#meet(state, server, { kind: "heartbeat" });
      }
      state = this.#settled(state);
    }
    return state;
  }

  #settled(state: State): Draft {
    for (let moves = 0; moves < SETTLING_MOVES_MAX; moves++) {
      const [move] = this.ownMoves(state);
      if (move === undefined) return draftOf(state);
      state = this.after(state, move);
    }
    throw new Error("The herd does not come to rest");
  }

  /** A key that two states share only if the same can happen from there on. */
  keyOf(state: State): string {
    const { untold, alive, fault, question, due } = state;
    const ways = state.ways.map((lines) => lines?.join(".") ?? "-");
    return `${state.met.join()} ${ways.join()} ` +
      `${untold} ${alive} ${fault} ${question} ${due}`;
  }

  /** The number of moves of clients and of the fault that have led to a state. */
  stageOf(state: State): number {
    const { told, links, fault } = this.#setup;
    let stage: number = state.fault;
    for (const at of told.keys()) if (!(state.untold & (1 << at))) stage++;
    if (state.question !== QUESTION.toCome) stage++;
    if (state.fault < FAULT.over || fault.kind !== "restart") return stage;
    return stage + links.filter((link) => this.#isUp(state, link)).length;
  }

  /** What clients may do next, or the fault. */
  outerMoves(state: State): Move[] {
    const moves: Move[] = [];
    if (state.question === QUESTION.wrong) return moves;
    const { told, asked, links, fault } = this.#setup;
    for (const [at, { server }] of told.entries()) {
      if (state.untold & (1 << at) && this.#isRunning(state, server)) {
        moves.push({ kind: "tell", told: at });
      }
    }
    if (state.question === QUESTION.toCome && this.#isRunning(state, asked!)) {
      moves.push({ kind: "ask" });
    }
    if (state.fault === FAULT.toCome) moves.push({ kind: "break" });
    if (state.fault === FAULT.on && this.#canMend(state)) {
      moves.push({ kind: "mend" });
    }
    if (state.fault === FAULT.over && fault.kind === "restart") {
      for (const link of links) {
        if (!this.#isUp(state, link)) moves.push({ kind: "join", link });
      }
    }
    return moves;
  }

  /** One of a link's ends dials again, once it knows that the link is down. */
  #canMend(state: State): boolean {
    const { fault } = this.#setup;
    return fault.kind !== "cut" || !this.#isUp(state, fault.link);
  }

  /** What may happen next by itself; nothing if the herd is at rest. */
  ownMoves(state: State): Move[] {
    const moves: Move[] = [];
    // After a wrong answer nothing else matters.
    if (state.question === QUESTION.wrong) return moves;
    // Where nothing is written in between, two lines read one by one are two
    // that are read at once.
    const countMax = this.#setup.isSlow ? 1 : Infinity;
    for (const [number, lines] of state.ways.entries()) {
      let count = Math.min(lines?.length ?? 0, countMax);
      for (; count > 0; count--) moves.push(this.#ways.read(number, count));
    }
    let isArmed = false;
    for (const from of this.#servers) {
      const standing = this.#standing(state, from);
      // On demand a tick ends what has waited too long: nothing should wait.
      isArmed ||= this.#setup.mode === "tree" && standing?.isArmed === true;
      for (const to of standing?.owing ?? []) {
        moves.push({ kind: "write", from, to });
      }
    }
    for (const [server, peer] of this.#notices(state)) {
      moves.push({ kind: "notice", server, peer });
    }
    // Lines are faster than ticks.
    return moves.length > 0 || !isArmed ? moves : [{ kind: "tick" }];
  }

  #standing({ met }: State, server: string): Standing | undefined {
    const history = met[this.#servers.indexOf(server)]!;
    return history === DEAD ? undefined : this.#histories.standing(history);
  }

  #isRunning(state: State, server: string): boolean {
    return this.#standing(state, server) !== undefined;
  }

  /** Whether both ends have a link, and have not noticed that it is down. */
  #isUp(state: State, [a, b]: TopologyLink): boolean {
    return this.#has(state, a, b) && this.#has(state, b, a);
  }

  #has({ ways }: State, server: string, peer: string): boolean {
    return ways[this.#ways.number(peer, server)] !== undefined;
  }

  /** Servers, and neighbours the link to whom they think is up but is not. */
  #notices(state: State): TopologyLink[] {
    return this.#ways.all.filter(([server, peer]) =>
      this.#has(state, server, peer) &&
      (this.#isCut(state, server, peer) || !this.#has(state, peer, server))
    );
  }

  #isCut(state: State, a: string, b: string): boolean {
    const { fault } = this.#setup;
    return state.fault === FAULT.on && fault.kind === "cut" &&
      fault.link.includes(a) && fault.link.includes(b);
  }

  /** Servers in groups that can reach each other. */
  #parts(state: State): string[][] {
    const links = this.#setup.links.filter((link) =>
      this.#isUp(state, link) && !this.#isCut(state, ...link)
    );
    return partsOf(
      this.#servers.filter((it) => this.#isRunning(state, it)),
      links,
    );
  }

  /** The fixes that servers hold which a server can reach, or newer ones. */
  #heldAround(state: State, server: string): number {
    let held = 0;
    for (const it of this.#parts(state).find((it) => it.includes(server))!) {
      held |= this.#fixes.heldBy(this.#standing(state, it)!.held);
    }
    return held;
  }

  /** The lines that a move reads or writes, if any. */
  linesOf(state: State, move: Move): readonly ByteString[] {
    if (move.kind === "read") {
      const { from, to, count } = move;
      const lines = state.ways[this.#ways.number(from, to)]!.slice(0, count);
      return lines.map((line) => this.#lines[line]!);
    }
    if (move.kind !== "write") return [];
    const { from, to } = move;
    const history = state.met[this.#servers.indexOf(from)]!;
    const { written } = this.#histories.meet(history, { kind: "write", to });
    return written.get(to)!;
  }

  /** The state that a move leads to, one of those that may happen next. */
  after(state: State, move: Move): State {
    const draft = draftOf(state);
    switch (move.kind) {
      case "tell": {
        const { server, line } = this.#setup.told[move.told]!;
        draft.untold &= ~(1 << move.told);
        draft.alive |= 1 << move.told;
        this.#meet(draft, server, { kind: "told", line });
        break;
      }
      case "ask":
        draft.question = QUESTION.asked;
        draft.due = draft.alive & this.#heldAround(draft, this.#setup.asked!);
        this.#meet(draft, this.#setup.asked!, { kind: "told", line: ASKED });
        break;
      case "read": {
        const { from, to, count } = move;
        const way = this.#ways.number(from, to);
        const lines = draft.ways[way]!;
        draft.ways[way] = lines.slice(count);
        const read = this.linesOf(state, move);
        this.#meet(draft, to, { kind: "read", from, lines: read });
        break;
      }
      case "write":
        this.#meet(draft, move.from, { kind: "write", to: move.to });
        break;
      case "notice":
        this.#down(draft, move.server, move.peer);
        break;
      case "tick":
        for (const server of this.#servers) {
          const isArmed = this.#standing(state, server)?.isArmed === true;
          if (isArmed) this.#meet(draft, server, { kind: "tick" });
        }
        break;
      case "join":
        this.#up(draft, move.link);
        break;
      case "break":
        this.#break(draft);
        break;
      case "mend":
        this.#mend(draft);
        break;
    }
    return draft;
  }

  #meet(draft: Draft, server: string, event: ServerEvent): void {
    const at = this.#servers.indexOf(server);
    const { history, written, answer } = this.#histories
      .meet(draft.met[at]!, event);
    draft.met[at] = history;
    if (answer !== undefined) this.#judge(draft, answer);
    for (const [to, lines] of written) {
      const way = this.#ways.number(server, to);
      const isLost = !this.#has(draft, to, server) ||
        this.#isCut(draft, server, to);
      if (isLost) continue;
      const numbers = lines.map((line) =>
        this.#numbers
          .getOrInsertComputed(line, () => this.#lines.push(line) - 1)
      );
      draft.ways[way] = [...draft.ways[way]!, ...numbers];
    }
  }

  /** Only an answer that says so may miss what it should know. */
  #judge(draft: Draft, { held, isPartial }: Answer): void {
    const missed = isPartial ? 0 : draft.due & ~this.#fixes.heldBy(held);
    draft.question = missed === 0 ? QUESTION.over : QUESTION.wrong;
    if (missed === 0) draft.due = 0;
    else draft.answer = held;
  }

  #up(draft: Draft, [a, b]: TopologyLink): void {
    draft.ways[this.#ways.number(a, b)] = [];
    draft.ways[this.#ways.number(b, a)] = [];
    this.#meet(draft, a, { kind: "up", peer: b });
    this.#meet(draft, b, { kind: "up", peer: a });
  }

  #down(draft: Draft, server: string, peer: string): void {
    draft.ways[this.#ways.number(peer, server)] = undefined;
    this.#meet(draft, server, { kind: "down", peer });
  }

  #break(draft: Draft): void {
    const { fault, asked, isSlow } = this.#setup;
    draft.fault = FAULT.on;
    if (fault.kind === "restart") this.#kill(draft, fault.server);
    if (draft.question === QUESTION.asked) {
      draft.due &= this.#heldAround(draft, asked!);
    }
    if (isSlow) return;
    for (const [server, peer] of this.#notices(draft)) {
      this.#down(draft, server, peer);
    }
  }

  #kill(draft: Draft, server: string): void {
    for (const [way, [, to]] of this.#ways.all.entries()) {
      if (to === server) draft.ways[way] = undefined;
    }
    draft.met[this.#servers.indexOf(server)] = DEAD;
    // A fix may have died with it if nobody else holds it or a newer one.
    let held = 0;
    for (const other of this.#servers) {
      const standing = this.#standing(draft, other);
      if (standing !== undefined) held |= this.#fixes.heldBy(standing.held);
    }
    draft.alive &= held;
    if (server !== this.#setup.asked) return;
    draft.due = 0;
    if (draft.question === QUESTION.asked) draft.question = QUESTION.over;
  }

  #mend(draft: Draft): void {
    const { fault } = this.#setup;
    draft.fault = FAULT.over;
    if (fault.kind === "cut") this.#up(draft, fault.link);
    if (fault.kind !== "restart") return;
    const { server } = fault;
    draft.met[this.#servers.indexOf(server)] = this.#histories.fresh(server);
  }

  /**
   * What is wrong with a herd at rest, if anything. Linked servers must hold
   * the same, and, if all are linked, the newest surviving fixes; on demand, a
   * question must have been answered.
   */
  wrong(state: State): string | undefined {
    const { asked, mode } = this.#setup;
    if (state.question === QUESTION.wrong) {
      const due = heldText(this.#fixes.newestOf(state.due));
      return `${asked} answers ${heldText(state.answer!)}, not ${due}`;
    }
    if (mode !== "ondemand") return this.#difference(state);
    return state.question === QUESTION.asked
      ? `${asked} does not answer`
      : undefined;
  }

  #difference(state: State): string | undefined {
    const held = (server: string) =>
      heldText(this.#standing(state, server)!.held);
    const parts = this.#parts(state);
    for (const [first, ...others] of parts) {
      for (const other of others) {
        if (held(other) === held(first!)) continue;
        return `${first} holds ${held(first!)}, ${other} holds ${held(other)}`;
      }
    }
    const [part] = parts;
    if (part!.length < this.#servers.length) return undefined;
    const { alive } = state;
    const { held: lines } = this.#standing(state, part![0]!)!;
    if ((alive & ~this.#fixes.heldBy(lines)) === 0) return undefined;
    const due = heldText(this.#fixes.newestOf(alive));
    return `all hold ${heldText(lines)}, not ${due}`;
  }
}

function heldText(lines: readonly string[]): string {
  return lines.length === 0 ? "nothing" : lines.join(" and ");
}
