import assert from "node:assert/strict";
import { test } from "node:test";
import { absorbed, keccak, keccakBehind } from "../src/crypto/keccak";

const RATE = 136;

test("the hash of a beginning and its rest is that of both, wherever the beginning ends", () => {
  for (let blocks = 0; blocks < 3; blocks++) {
    for (const more of [0, 1, RATE - 2, RATE - 1, RATE, RATE + 1, 3 * RATE]) {
      const whole = Uint8Array.from({ length: blocks * RATE + more }, (_, at) => 7 * at);
      const state = absorbed(new Uint8Array(200), whole.slice(0, blocks * RATE));
      assert.deepEqual(keccakBehind(state, whole.slice(blocks * RATE)), keccak(whole));
    }
  }
});
