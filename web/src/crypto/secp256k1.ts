/**
 * Arithmetic on secp256k1, on BigInt: Jacobian coordinates, the curve's endomorphism for any point,
 * tables for points that are multiplied often. It takes a third of the time of a general library,
 * which the checks of many ballots need; tests compare it with one.
 *
 * Field elements are not reduced all the way: |value| < 2^260, and `reduced` ends it. Additions
 * inside a multiplication look for no special case. Where one occurs, Z becomes 0 and stays it, and
 * the multiplication is made again by complete additions.
 */

export const P = 0xfffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2fn;
/** The prime of the field. */
export const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** The order of the group. */

const C = 2n ** 256n - P;
const HALF = N / 2n;

/** A point in affine coordinates; never infinity. */
export type Affine = readonly [x: bigint, y: bigint];
/** A point x = X/Z², y = Y/Z³; infinity if Z is 0. */
export type Jacobian = readonly [x: bigint, y: bigint, z: bigint];

export const INFINITY: Jacobian = [1n, 1n, 0n];
export const GENERATOR: Affine = [
  0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n,
  0x483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8n,
];

// -- Field --

function mul(a: bigint, b: bigint): bigint {
  const wide = a * b;
  const once = BigInt.asUintN(256, wide) + (wide >> 256n) * C;
  return BigInt.asUintN(256, once) + (once >> 256n) * C;
}

export function reduced(value: bigint, modulus = P): bigint {
  const found = value % modulus;
  return found < 0n ? found + modulus : found;
}

/** The inverse of a number that is not 0, modulo a prime. */
export function inverse(value: bigint, modulus = P): bigint {
  let [a, b, u, v] = [reduced(value, modulus), modulus, 1n, 0n];
  while (a !== 0n) {
    const quotient = b / a;
    [a, b, u, v] = [b - quotient * a, a, v - quotient * u, u];
  }
  return reduced(v, modulus);
}

/** The inverses of numbers that are not 0, for the price of one (Montgomery's trick). */
function inverses(values: readonly bigint[]): bigint[] {
  const products: bigint[] = [];
  let product = 1n;
  for (const each of values) {
    products.push(product);
    product = mul(product, each);
  }
  let left = inverse(product);
  const found = new Array<bigint>(values.length);
  for (let at = values.length - 1; at >= 0; at--) {
    found[at] = mul(left, products[at] as bigint);
    left = mul(left, values[at] as bigint);
  }
  return found;
}

/** The square root of x³ + 7 with a parity; null if there is none. */
export function ordinate(x: bigint, isOdd: boolean): bigint | null {
  const square = reduced(mul(mul(x, x), x) + 7n);
  const root = reduced(squareRoot(square));
  if (reduced(mul(root, root)) !== square) return null;
  return ((root & 1n) === 1n) === isOdd ? root : P - root;
}

/** a^((p+1)/4). The exponent is 223 ones, a zero, 22 ones, then 00001100. */
function squareRoot(a: bigint): bigint {
  const x2 = mul(squared(a, 1), a);
  const x3 = mul(squared(x2, 1), a);
  const x6 = mul(squared(x3, 3), x3);
  const x9 = mul(squared(x6, 3), x3);
  const x11 = mul(squared(x9, 2), x2);
  const x22 = mul(squared(x11, 11), x11);
  const x44 = mul(squared(x22, 22), x22);
  const x88 = mul(squared(x44, 44), x44);
  const x176 = mul(squared(x88, 88), x88);
  const x220 = mul(squared(x176, 44), x44);
  const x223 = mul(squared(x220, 3), x3);
  return squared(mul(squared(mul(squared(x223, 23), x22), 6), x2), 2);
}

function squared(value: bigint, times: number): bigint {
  let found = value;
  for (let left = times; left > 0; left--) found = mul(found, found);
  return found;
}

// -- Points --

export const isInfinity = (point: Jacobian): boolean => point[2] % P === 0n;
export const jacobian = (point: Affine): Jacobian => [point[0], point[1], 1n];
export const opposite = (point: Jacobian): Jacobian => [point[0], -point[1], point[2]];

export function isOnCurve(x: bigint, y: bigint): boolean {
  return reduced(y * y - x * x * x - 7n) === 0n;
}

export function equal(one: Jacobian, other: Jacobian): boolean {
  const [none, nothing] = [isInfinity(one), isInfinity(other)];
  if (none || nothing) return none && nothing;
  const [z1, z2] = [mul(one[2], one[2]), mul(other[2], other[2])];
  if (reduced(mul(one[0], z2) - mul(other[0], z1)) !== 0n) return false;
  return reduced(mul(one[1], mul(z2, other[2])) - mul(other[1], mul(z1, one[2]))) === 0n;
}

/** Brings points to affine coordinates, for one inversion; null is infinity. */
export function affine(points: readonly Jacobian[]): (Affine | null)[] {
  const finite = points.filter((each) => !isInfinity(each));
  const found = inverses(finite.map((each) => each[2]));
  let at = 0;
  return points.map((each) => {
    if (isInfinity(each)) return null;
    const z = found[at++] as bigint;
    const square = mul(z, z);
    return [reduced(mul(each[0], square)), reduced(mul(each[1], mul(square, z)))];
  });
}

function double([x, y, z]: Jacobian): Jacobian {
  const a = mul(x, x);
  const b = mul(y, y);
  const c = mul(b, b);
  const d = mul(x, b) << 2n;
  const e = 3n * a;
  const x3 = mul(e, e) - (d << 1n);
  return [x3, mul(e, d - x3) - (c << 3n), mul(y, z) << 1n];
}

/** The sum with an affine point. Where the two are equal or opposite, or one is infinity, Z is 0. */
function addAffine([x1, y1, z1]: Jacobian, [x2, y2]: Affine): Jacobian {
  const zz = mul(z1, z1);
  const h = mul(x2, zz) - x1;
  const r = mul(mul(y2, z1), zz) - y1;
  const hh = mul(h, h);
  const hhh = mul(hh, h);
  const v = mul(x1, hh);
  const x3 = mul(r, r) - hhh - (v << 1n);
  return [x3, mul(r, v - x3) - mul(y1, hhh), mul(z1, h)];
}

/** The sum of any two points. */
export function add(one: Jacobian, other: Jacobian): Jacobian {
  if (isInfinity(one)) return other;
  if (isInfinity(other)) return one;
  const [zz1, zz2] = [mul(one[2], one[2]), mul(other[2], other[2])];
  const u1 = mul(one[0], zz2);
  const s1 = mul(one[1], mul(zz2, other[2]));
  const h = mul(other[0], zz1) - u1;
  const r = mul(other[1], mul(zz1, one[2])) - s1;
  if (reduced(h) === 0n) return reduced(r) === 0n ? double(one) : INFINITY;
  const hh = mul(h, h);
  const hhh = mul(hh, h);
  const v = mul(u1, hh);
  const x3 = mul(r, r) - hhh - (v << 1n);
  return [x3, mul(r, v - x3) - mul(s1, hhh), mul(mul(one[2], other[2]), h)];
}

/** The multiple of any point, by complete additions: slow, and right in every case. */
export function plainMultiple(point: Jacobian, factor: bigint): Jacobian {
  let found = INFINITY;
  for (const bit of factor.toString(2)) {
    found = isInfinity(found) ? found : double(found);
    if (bit === "1") found = add(found, point);
  }
  return found;
}

// -- Multiples of any points --

const BETA = 0x7ae96a2b657c07106e64479eac3434e99cf0497512f58995c1396c28719501een;
const A1 = 0x3086d221a7d46bcde86c90e49284eb15n;
const B1 = 0xe4437ed6010e88286f547fa90abfe4c3n;
const A2 = 0x114ca50f7a8e2f3f657c1108d9d44cfd8n;
const WIDTH = 5;
const LENGTH = 136;
const ODD = 8;

/** A factor as k1 + k2·λ with |k1|, |k2| < 2^129, where λ·(x, y) = (β·x, y). */
function split(factor: bigint): [bigint, bigint] {
  const c1 = (A1 * factor + HALF) / N;
  const c2 = (B1 * factor + HALF) / N;
  return [factor - c1 * A1 - c2 * A2, c1 * B1 - c2 * A1];
}

/** Signed odd digits of a number, from the lowest bit: one in every five places at most. */
function digits(value: bigint): Int8Array {
  const found = new Int8Array(LENGTH);
  const bits = (value < 0n ? -value : value).toString(2);
  const bit = (at: number): number => (bits.charCodeAt(bits.length - 1 - at) === 49 ? 1 : 0);
  const sign = value < 0n ? -1 : 1;
  for (let at = 0, carry = 0; at < bits.length + 1; ) {
    if (bit(at) === carry) {
      at++;
      continue;
    }
    let digit = carry;
    for (let place = 0; place < WIDTH; place++) digit += bit(at + place) << place;
    carry = digit > 16 ? 1 : 0;
    found[at] = sign * (digit - 32 * carry);
    at += WIDTH;
  }
  return found;
}

/** The multiples of points, each by its factor in 0..n-1. */
export function multiples(points: readonly Affine[], factors: readonly bigint[]): Jacobian[] {
  const flat = affine(points.flatMap(oddMultiples));
  const known = new Map<bigint, Digits>();
  return points.map((point, index) => {
    const factor = factors[index] as bigint;
    const row = flat.slice(index * ODD, (index + 1) * ODD) as Affine[];
    const own = known.get(factor) ?? digitsOf(factor);
    known.set(factor, own);
    const found = multiple(row, own);
    if (factor === 0n || !isInfinity(found)) return found;
    return plainMultiple(jacobian(point), factor);
  });
}

/** P, 3P … 15P. None of them is infinity, nor are two of them opposite, as n is a large prime. */
function oddMultiples(point: Affine): Jacobian[] {
  const own = jacobian(point);
  const twice = double(own);
  const found: Jacobian[] = [own];
  for (let at = 1; at < ODD; at++) found.push(add(found[at - 1] as Jacobian, twice));
  return found;
}

/** The digits of both parts of a factor. */
type Digits = readonly [Int8Array, Int8Array];

function digitsOf(factor: bigint): Digits {
  const [k1, k2] = split(factor);
  return [digits(k1), digits(k2)];
}

function multiple(row: readonly Affine[], [first, second]: Digits): Jacobian {
  const images = row.map(([x, y]): Affine => [mul(x, BETA), y]);
  let found: Jacobian | null = null;
  for (let at = LENGTH - 1; at >= 0; at--) {
    if (found) found = double(found);
    found = addDigit(found, row, first[at] as number);
    found = addDigit(found, images, second[at] as number);
  }
  return found ?? INFINITY;
}

function addDigit(sum: Jacobian | null, row: readonly Affine[], digit: number): Jacobian | null {
  if (digit === 0) return sum;
  const [x, y] = row[(Math.abs(digit) - 1) >> 1] as Affine;
  const each: Affine = digit < 0 ? [x, -y] : [x, y];
  return sum ? addAffine(sum, each) : jacobian(each);
}

// -- Multiples of points that are multiplied often --

const BITS = 6;
const ROWS = 43;
const HEIGHT = 1 << (BITS - 1);

/** A point with d·64^i times itself, for d in 1..32 and i in 0..42. */
export class Table {
  readonly #rows: readonly Affine[];
  readonly #point: Affine;

  constructor(point: Affine) {
    const units = [jacobian(point)];
    while (units.length < ROWS) {
      let unit = units[units.length - 1] as Jacobian;
      for (let bit = 0; bit < BITS; bit++) unit = double(unit);
      units.push(unit);
    }
    const found: Jacobian[] = [];
    for (const unit of affine(units) as Affine[]) {
      let each = jacobian(unit);
      found.push(each, (each = double(each)));
      for (let at = 2; at < HEIGHT; at++) found.push((each = addAffine(each, unit)));
    }
    this.#rows = affine(found) as Affine[];
    this.#point = point;
  }

  /** The multiple by a factor in 0..n-1. */
  multiple(factor: bigint): Jacobian {
    let found: Jacobian | null = null;
    const octal = factor.toString(8).padStart(2 * ROWS, "0");
    for (let row = 0, carry = 0; row < ROWS; row++) {
      const at = octal.length - 2 * row;
      let digit = 8 * octal.charCodeAt(at - 2) + octal.charCodeAt(at - 1) - 432 + carry;
      carry = digit > HEIGHT ? 1 : 0;
      digit -= 64 * carry;
      if (digit === 0) continue;
      const [x, y] = this.#rows[row * HEIGHT + Math.abs(digit) - 1] as Affine;
      const each: Affine = digit < 0 ? [x, -y] : [x, y];
      found = found ? addAffine(found, each) : jacobian(each);
    }
    if (!found) return INFINITY;
    return isInfinity(found) ? plainMultiple(jacobian(this.#point), factor) : found;
  }
}
