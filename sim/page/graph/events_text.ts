/**
 * Describes events in a few words each.
 *
 * @module
 */
import type { HerdEvent } from "../../model/events.ts";
import { counted, lasting } from "../../report_page/text.ts";

/** The text for an event; `undefined` if the page does not report it. */
export function eventText(event: HerdEvent): string | undefined {
  switch (event.kind) {
    case "state": {
      const { server, state, why, isAsked } = event;
      if (state !== "crashed") {
        const stands = state === "stopped" ? "down" : state;
        return `${server} is ${stands}${whyText(why)}`;
      }
      const told = isAsked ? ", as it was told to" : whyText(why);
      return `${server} has crashed${told}`;
    }
    case "restart":
      return `${event.server} is restarted, for the ${
        nth(event.restarts)
      } time`;
    case "backoff":
      return `${event.server} is to be restarted in ${lasting(event.delayMs)}`;
    case "restart-limit":
      return `${event.server} stays down: ${
        counted(event.restarts, "restart")
      } in ${lasting(event.periodMs)}`;
    case "link-down":
      return `${event.server} lost its link to ${event.peer}${
        whyText(event.why)
      }`;
    case "link-up":
      return `${event.server} has its link to ${event.peer}`;
    case "sync-repair":
      return `${event.server} and ${event.peer} differed, and exchange records`;
    case "fault-begin":
      return `${event.fault.replaceAll("_", " ")} on ${
        event.targets.join(", ")
      }`;
    case "fault-part-end":
      return `${event.id} is healed, but on ${event.left.join(", ")}`;
    case "fault-end":
      return `${event.id} is healed; it touched ${event.touched}`;
    default:
      return undefined;
  }
}

function whyText(why: string | undefined): string {
  return why === undefined ? "" : `: ${why}`;
}

/** `1st`, `2nd`, `11th`. */
export function nth(number: number): string {
  const isTeen = number % 100 >= 11 && number % 100 <= 13;
  const ending = isTeen ? "th" : ["th", "st", "nd", "rd"][number % 10] ?? "th";
  return `${number}${ending}`;
}
