/**
 * What a WHATSAT may ask for, for forms of the page too.
 *
 * @module
 */
export {
  ITEMS_MAX,
  RADIUS_KM_MAX,
} from "../../../herd/core/wire/whatsat_bounds.ts";
