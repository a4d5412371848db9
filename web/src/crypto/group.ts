/** The group: secp256k1 with generator G and prime order n (PROTOCOL §1). */

import { type Bytes, bytesOfNumber, joined, numberOf } from "../bytes";
import { InvalidPoint, InvalidScalar } from "../errors";
import { keccak } from "./keccak";
import {
  type Affine,
  add,
  affine,
  equal,
  GENERATOR,
  INFINITY as INFINITE,
  inverse,
  isInfinity,
  isOnCurve,
  type Jacobian,
  jacobian,
  multiples,
  N,
  opposite,
  ordinate,
  P,
  reduced,
  Table,
} from "./secp256k1";

export { N, P } from "./secp256k1";

/** An integer mod n; it may be 0. */
export type Scalar = bigint;

export const modN = (value: bigint): Scalar => reduced(value, N);
/** The scalar whose product with this one is 1. This one must not be 0. */
export const inverseOf = (value: Scalar): Scalar => inverse(value, N);

/** A challenge or response of a proof, in 1..n-1. */
export function scalarFromOutside(value: bigint, field = ""): Scalar {
  if (value <= 0n || value >= N) throw new InvalidScalar(value, field);
  return value;
}

/** A scalar in 1..n-1 that must stay hidden: no text of it shows the value. */
export class Secret {
  readonly #value: Scalar;

  constructor(value: bigint, field = "secret") {
    if (value <= 0n || value >= N) throw new InvalidScalar(null, field);
    this.#value = value;
  }

  /** The scalar itself, for nothing but the arithmetic that needs it. */
  reveal(): Scalar {
    return this.#value;
  }

  toJSON(): string {
    return "Secret(hidden)";
  }

  toString(): string {
    return "Secret(hidden)";
  }
}

/** A point of the group, which may be infinity. Sums and multiples may be any point. */
export class Point {
  #place: Jacobian;
  #affine: Affine | null | undefined;

  private constructor(place: Jacobian, known?: Affine) {
    this.#place = place;
    this.#affine = known;
  }

  static of(place: Jacobian): Point {
    return new Point(place);
  }

  /** The point (x, y), on the curve, with 0 < x < n and 0 < y < p. */
  static fromOutside(x: bigint, y: bigint, field = ""): Point {
    const isInRange = x > 0n && x < N && y > 0n && y < P;
    if (!isInRange || !isOnCurve(x, y)) throw new InvalidPoint(x, y, field);
    return new Point([x, y, 1n], [x, y]);
  }

  /** The point in 33 bytes: 2 or 3, by the parity of y, then x. */
  static fromCompressed(data: Bytes, field = ""): Point {
    const [x, first] = [numberOf(data.subarray(1)), data[0] ?? 0];
    const y = x < P && (first === 2 || first === 3) ? ordinate(x, first === 3) : null;
    if (y === null) throw new InvalidPoint(x, BigInt(first), field);
    return new Point([x, y, 1n], [x, y]).check(field);
  }

  /** Any point of the group by its coordinates, infinity as (0, 0). */
  static fromWords(x: bigint, y: bigint, field = ""): Point {
    if (x === 0n && y === 0n) return INFINITY;
    if (x < 0n || x >= P || y <= 0n || y >= P || !isOnCurve(x, y))
      throw new InvalidPoint(x, y, field);
    return new Point([x, y, 1n], [x, y]);
  }

  static sum(points: readonly Point[]): Point {
    return new Point(points.reduce<Jacobian>((total, each) => add(total, each.#place), INFINITE));
  }

  /** Computes the coordinates of many points for the price of one. */
  static settle(points: readonly Point[]): void {
    const open = points.filter((each) => each.#affine === undefined);
    const found = affine(open.map((each) => each.#place));
    for (const [at, each] of open.entries()) {
      each.#affine = found[at] ?? null;
      each.#place = each.#affine ? jacobian(each.#affine) : INFINITE;
    }
  }

  /** The multiples of points by one factor, which is no secret. */
  static multiples(points: readonly Point[], factor: Scalar): Point[] {
    Point.settle(points);
    const finite = points.flatMap((each) => (each.#affine ? [each.#affine] : []));
    const found = multiples(finite, Array<bigint>(finite.length).fill(factor));
    let at = 0;
    return points.map((each) => (each.#affine ? new Point(found[at++] as Jacobian) : INFINITY));
  }

  /** This point, if it may come from outside. */
  check(field = ""): Point {
    if (this.isInfinity || this.x >= N) throw new InvalidPoint(this.x, this.y, field);
    return this;
  }

  get isInfinity(): boolean {
    return isInfinity(this.#place);
  }

  /** The x coordinate; 0 at infinity. */
  get x(): bigint {
    return this.#settled()?.[0] ?? 0n;
  }

  /** The y coordinate; 0 at infinity. */
  get y(): bigint {
    return this.#settled()?.[1] ?? 0n;
  }

  #settled(): Affine | null {
    if (this.#affine === undefined) Point.settle([this]);
    return this.#affine ?? null;
  }

  /** The point's two words x and y, 64 bytes; zeros at infinity. */
  get encoded(): Bytes {
    return joined([bytesOfNumber(this.x), bytesOfNumber(this.y)]);
  }

  /** The point in 33 bytes: 2 or 3, by the parity of y, then x. */
  get compressed(): Bytes {
    return joined([new Uint8Array([this.y & 1n ? 3 : 2]), bytesOfNumber(this.x)]);
  }

  /** The last 20 bytes of its words' hash, as a number; 0 for infinity. */
  get address(): bigint {
    return this.isInfinity ? 0n : numberOf(keccak(this.encoded).subarray(12));
  }

  equals(other: Point): boolean {
    return equal(this.#place, other.#place);
  }

  plus(other: Point): Point {
    return new Point(add(this.#place, other.#place));
  }

  minus(other: Point): Point {
    return this.plus(other.opposite());
  }

  opposite(): Point {
    return new Point(opposite(this.#place));
  }

  times(factor: Scalar | Secret): Point {
    const scalar = factor instanceof Secret ? factor.reveal() : factor;
    const found = this.#settled();
    if (!found) return INFINITY;
    return new Point(multiples([found], [scalar])[0] as Jacobian);
  }
}

/** The neutral element; it is stored and hashed as (0, 0). */
export const INFINITY = Point.of(INFINITE);
/** The generator. */
const G = Point.of(jacobian(GENERATOR));

/** A point with its multiples in a table, for points that are multiplied often. */
export class FixedBase {
  readonly #table: Table | null;

  private constructor(point: Point) {
    this.#table = point.isInfinity ? null : new Table([point.x, point.y]);
  }

  static #kept: readonly { readonly point: Point; readonly base: FixedBase }[] = [];

  /** The point's table, which is kept for the next call, with those of G, H and another key. */
  static of(point: Point): FixedBase {
    const found = FixedBase.#kept.find((each) => each.point === point || each.point.equals(point));
    if (found && found === FixedBase.#kept[0]) return found.base;
    const kept = found ?? { point, base: new FixedBase(point) };
    const others = FixedBase.#kept.filter((each) => each !== found);
    FixedBase.#kept = [kept, ...others].slice(0, KEPT);
    return kept.base;
  }

  times(factor: Scalar | Secret): Point {
    const scalar = factor instanceof Secret ? factor.reveal() : factor;
    return this.#table ? Point.of(this.#table.multiple(scalar)) : INFINITY;
  }
}

const KEPT = 4;
/** The table of G is made when it is needed first: a page opens without. */
let ofG: FixedBase | null = null;

/** The multiple of G. */
export function timesG(factor: Scalar | Secret): Point {
  ofG ??= FixedBase.of(G);
  return ofG.times(factor);
}

/** The point u·G + w·P. */
export const combine = (u: Scalar, w: Scalar, point: Point): Point =>
  timesG(u).plus(point.times(w));
