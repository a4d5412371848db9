/**
 * How letters join their neighbours, by Unicode's property Joining_Type, which JavaScript lacks:
 * right (R), left (L), on both sides (D), or because they are joiners (C).
 *
 * A range is the distance from the end of the one before, its type, and how many more letters it
 * has; both numbers to the base 36.
 */
const RANGES =
  "17kD 2R3 1D 1R 1D 1R 1D4 1R3 1Dc 1C 1D6 1R 1D1 10D1 2R2 2R2 1Df 1Rh 1D11 1R 1D1 1R8 1D 1R " +
  "1D 1R 1D1 1R1 2R pR1 bD2 3D hR 2D2 1R4 1D3 1R 1D8 1R 1D 1R 1D 1R 1D1 1R uR 1Da 1R2 1De 1R1 " +
  "1D3 1R 1D 1R1 1D2 1R1 1D5 23Dw gC 1yR 1D4 1R1 1D 1R 1D9 1R 1D 1R2 8D 2D3 2R 1D 1R1 6Ri 1C2 " +
  "1D 3D4 1R 1D hD9 1R2 2R 1D1 1R1 1D5 1R 1De 30fD 3C mD2g fDx 2D 1gjC qwjD1d 1L jf2D4 1R 2R " +
  "2R1 3L 1R4 1D3 1L 1D4 1R 1D2 1R 3R 7D3 1R 41D 1R 1D 1R2 1D2 1R 1D1 1R 1D 1R1 1D 1R oR3 1D1 " +
  "9eL 1Dw 1R 1D bjR 1D1 2D1 2xD2 1R 1Dg dD2 1R sD3 1R1 1Db 1bD 2D1 1R2 2D 1R1 1D1 1R 1D1 2D " +
  "1R1 1D 5R 1D 1L 16wlD1v";

/** Letters join across marks and signs, but for these few. */
const TRANSPARENT = /^[\p{Mn}\p{Me}\p{Cf}]$/u;
const NOT_TRANSPARENT =
  /^[\u{600}\u{601}\u{602}\u{603}\u{604}\u{605}\u{6dd}\u{890}\u{891}\u{8e2}\u{180e}\u{200c}\u{2066}\u{2067}\u{2068}\u{2069}\u{110bd}\u{110cd}\u{1171e}]$/u;

let types: Map<number, string> | null = null;

function listed(): Map<number, string> {
  const found = new Map<number, string>();
  let last = 0;
  for (const [, distance, type, more] of RANGES.matchAll(/([0-9a-z]+)([A-Z])([0-9a-z]*)/g)) {
    const first = last + Number.parseInt(distance as string, 36);
    last = first + (more ? Number.parseInt(more, 36) : 0);
    for (let code = first; code <= last; code++) found.set(code, type as string);
  }
  return found;
}

/** The joining type of a character: R, L, D, C, T for one that letters join across, or nothing. */
export function joiningType(character: string): string {
  types ??= listed();
  const found = types.get(character.codePointAt(0) as number);
  if (found) return found;
  return TRANSPARENT.test(character) && !NOT_TRANSPARENT.test(character) ? "T" : "";
}
