import assert from "node:assert/strict";
import { test } from "node:test";
import { secp256k1 } from "@noble/curves/secp256k1.js";
import { bytesOfNumber } from "../src/bytes";
import { ecdsa } from "../src/crypto/ecdsa";
import { Secret } from "../src/crypto/group";
import * as own from "../src/crypto/secp256k1";
import { randomSecret } from "../src/crypto/sigma";

const Reference = secp256k1.Point;
const { N } = own;

const random = (): bigint => randomSecret().reveal();

/** Factors at the edges of digits, windows and halves. */
const EDGES = [0n, 1n, 2n, 3n, 15n, 16n, 17n, 31n, 32n, 33n, 63n, 64n, 2n ** 128n - 1n, 2n ** 128n]
  .flatMap((each) => [each, N - 1n - each])
  .concat([N / 2n, N / 2n + 1n, LAMBDA(), N - LAMBDA()]);

/** The factor by which the curve's endomorphism multiplies. */
function LAMBDA(): bigint {
  return 0x5363ad4cc05c30e0a5261c028812645a122e22ea20816678df02967c1b23bd72n;
}

function expected(x: bigint, y: bigint, factor: bigint): own.Affine | null {
  if (factor === 0n) return null;
  const { x: rx, y: ry } = Reference.fromAffine({ x, y }).multiplyUnsafe(factor).toAffine();
  return [rx, ry];
}

test("multiples are those of another library, at every edge", () => {
  for (const factor of [...EDGES, ...Array.from({ length: 40 }, random)]) {
    const { x, y } = Reference.BASE.multiplyUnsafe(random()).toAffine();
    const wanted = expected(x, y, factor);
    const found = own.affine([
      ...own.multiples([[x, y]], [factor]),
      new own.Table([x, y]).multiple(factor),
      own.plainMultiple(own.jacobian([x, y]), factor),
    ]);
    assert.deepEqual(found, [wanted, wanted, wanted], `factor ${factor}`);
  }
});

test("many points are multiplied like each alone", () => {
  const points = Array.from({ length: 5 }, (): own.Affine => {
    const { x, y } = Reference.BASE.multiplyUnsafe(random()).toAffine();
    return [x, y];
  });
  const factors = [random(), 0n, 1n, N - 1n, random()];
  const found = own.affine(own.multiples(points, factors));
  assert.deepEqual(
    found,
    points.map(([x, y], at) => expected(x, y, factors[at] as bigint)),
  );
});

test("sums are complete", () => {
  const [p, q] = own.multiples([own.GENERATOR, own.GENERATOR], [random(), random()]) as [
    own.Jacobian,
    own.Jacobian,
  ];
  assert.ok(own.isInfinity(own.add(p, own.opposite(p))));
  assert.ok(own.equal(own.add(p, own.INFINITY), p));
  assert.ok(own.equal(own.add(own.INFINITY, p), p));
  assert.ok(own.equal(own.add(p, p), own.plainMultiple(p, 2n)));
  assert.ok(own.equal(own.add(own.add(p, q), own.opposite(q)), p));
  assert.ok(own.isInfinity(own.add(own.INFINITY, own.INFINITY)));
});

test("square roots are those of points, and of nothing else", () => {
  for (let count = 0; count < 20; count++) {
    const { x, y } = Reference.BASE.multiplyUnsafe(random()).toAffine();
    assert.equal(own.ordinate(x, (y & 1n) === 1n), y);
    assert.equal(own.ordinate(x, (y & 1n) === 0n), own.P - y);
  }
  assert.equal(own.ordinate(5n, true), null);
});

test("inverses are inverses", () => {
  for (const modulus of [own.P, own.N]) {
    for (const value of [1n, 2n, modulus - 1n, random()]) {
      assert.equal(own.reduced(value * own.inverse(value, modulus), modulus), 1n);
    }
  }
});

test("a secret shows itself in no text", () => {
  const secret = new Secret(0xdeadbeefn);
  const texts = [`${secret}`, JSON.stringify({ secret }), String(Object.entries(secret))];
  for (const text of texts) assert.doesNotMatch(text, /deadbeef|3735928559/i);
  assert.throws(() => new Secret(N), /its value is not shown/);
});

test("signatures are those of another library, bit by bit", () => {
  const hashes = [
    0n,
    1n,
    N - 1n,
    N,
    N + 1n,
    2n ** 256n - 1n,
    ...Array.from({ length: 20 }, random),
  ];
  for (const key of [1n, 2n, N - 1n, ...Array.from({ length: 10 }, random)]) {
    for (const hash of hashes.map((each) => bytesOfNumber(each))) {
      const options = { prehash: false, format: "recovered", lowS: true } as const;
      const { r, s, recovery } = secp256k1.Signature.fromBytes(
        secp256k1.sign(hash, bytesOfNumber(key), options),
        "recovered",
      );
      assert.deepEqual(ecdsa(new Secret(key), hash), { r, s, isOdd: recovery === 1 });
    }
  }
});
