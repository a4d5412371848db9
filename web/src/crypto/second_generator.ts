/** The second generator H of PROTOCOL §1, whose logarithm to the base G nobody knows. */

import { Point } from "./group";

/** The first x = keccak256(tag "second generator", i), i = 0, 1, …, of a point, with its even y. */
export const H = Point.fromOutside(
  0x5b98ab728957777b453716b3dc79f7ae32ce9a930a8c82d899a91fa07cf53481n,
  0x11f1cddfbb3a534d3c2915a607ddfc2143a9a22de86139fdf83b0d705ffce80en,
);
