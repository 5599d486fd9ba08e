/**
 * The fault `slicer`: chunks arrive in small pieces.
 *
 * @module
 */
import { formatDuration } from "../duration.ts";
import {
  chanceAt,
  later,
  linkFault,
  type Parcel,
  type Spot,
} from "./link_fault.ts";

export const slicer = linkFault({
  kind: "slicer",
  does: "Splits all data on links into slices.",
  fields: ({ size, sizeAboveZero, duration }) => ({
    average_size: sizeAboveZero("Bytes of a slice, on average."),
    size_variation: size("Bytes that it may be longer or shorter.").default(0),
    delay: duration("From one slice to the next; 0s by default.").default(0),
  }),
  names: {
    average_size: "averageBytes",
    size_variation: "variationBytes",
    delay: "delayMs",
  },
  prompt: {
    words: { average_size: "<size>" },
    does: "split all data on a link into slices of this size",
  },
  words: ({ averageBytes, variationBytes, delayMs }) =>
    `of ${averageBytes} ±${variationBytes} bytes ` +
    `every ${formatDuration(delayMs)}`,
  nemesis: { averageBytes: 20, variationBytes: 15, delayMs: 1 },
  slows: true,
  begin(settings, { spot, touch }) {
    let number = 0;
    const sliced = (parcel: Parcel): Parcel[] => {
      const { bytes } = parcel;
      const slices: Parcel[] = [];
      for (let at = 0; at < bytes.length;) {
        const end = at + sliceBytes(settings, spot, ++number);
        slices.push({
          ...later(parcel, spot.id, slices.length * settings.delayMs),
          bytes: bytes.subarray(at, end),
          isApart: true,
        });
        at = end;
      }
      return slices;
    };
    return {
      schedule(parcels) {
        touch();
        return parcels.flatMap(sliced);
      },
    };
  },
});

export interface SliceSettings {
  /** Average bytes of a piece. */
  readonly averageBytes: number;
  /** Maximum deviation from the average. */
  readonly variationBytes: number;
}

/** The bytes of piece `number`, from 1: at least one. */
export function sliceBytes(
  { averageBytes, variationBytes }: SliceSettings,
  spot: Spot,
  number: number,
): number {
  const fraction = chanceAt(spot, "slice", number) * 2 - 1;
  return Math.max(1, Math.round(averageBytes + variationBytes * fraction));
}
