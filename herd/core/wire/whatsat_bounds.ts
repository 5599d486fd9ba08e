/**
 * What a WHATSAT may ask for.
 *
 * @module
 */
export const RADIUS_KM_MAX = 50;
/** Maximum number of results. */
export const ITEMS_MAX = 20;
