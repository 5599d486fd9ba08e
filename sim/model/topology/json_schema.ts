/**
 * The JSON schema of topologies, by which editors complete, check and explain
 * them.
 *
 * @module
 */
import { MODES } from "../../../herd/core/dissemination/dissemination.ts";
import { DURABILITY } from "../../../herd/core/durability.ts";
import { LIMIT_KEYS } from "../../../herd/core/limits.ts";
import { limitName, limitSchema } from "./limits.ts";
import { PORT_MAX, SERVER_FIELDS } from "./server_fields.ts";
import { SERVER_NAME } from "./topology.ts";

const PORT = { type: "integer", minimum: 0, maximum: PORT_MAX };

/** What a topology says of a hub. */
const HUB = {
  type: "object",
  properties: {
    gateways: {
      type: ["array", "string"],
      items: { type: "string" },
      minItems: 1,
      description: "The servers that are linked to the hub.",
    },
    url: {
      type: "string",
      description: "Where the hub is: nats://host:4222, or several " +
        "with commas.",
    },
  },
  required: ["gateways"],
  additionalProperties: false,
  description: "The hub that joins this herd with others.",
};

/** The JSON schema (2020-12) by which editors complete and check topologies. */
export function topologyJsonSchema(): Record<string, unknown> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A topology of the herd workbench",
    type: "object",
    properties: {
      name: {
        type: ["string", "number"],
        description: "What people call it; the file's name by default.",
      },
      mode: {
        enum: MODES,
        description: "How updates get from server to server; flood by default.",
      },
      durable: {
        enum: DURABILITY,
        description: "What an acknowledged fix outlasts; none by default.",
      },
      limits: {
        type: "object",
        properties: Object.fromEntries(
          LIMIT_KEYS.map((key) => [limitName(key), limitSchema(key)]),
        ),
        additionalProperties: false,
        description: "What each server allows at most, where not the default.",
      },
      servers: {
        type: "object",
        minProperties: 1,
        propertyNames: { pattern: SERVER_NAME.source },
        additionalProperties: {
          anyOf: [
            { ...PORT, description: "The server's port; 0: a free one." },
            {
              type: "object",
              properties: Object.fromEntries(
                Object.entries(SERVER_FIELDS).map(([name, description]) => [
                  name,
                  name === "host"
                    ? { type: "string", description }
                    : { ...PORT, description },
                ]),
              ),
              required: ["port"],
              additionalProperties: false,
            },
          ],
        },
        description: "The servers, each with its port.",
      },
      links: {
        type: "array",
        items: {
          type: "array",
          items: { type: "string" },
          minItems: 2,
          maxItems: 2,
          description: "Two servers that are neighbours.",
        },
        description: "The links, each a pair of servers.",
      },
      hub: HUB,
    },
    required: ["servers"],
    additionalProperties: false,
  };
}
