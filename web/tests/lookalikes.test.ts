import assert from "node:assert/strict";
import { test } from "node:test";
import { doubts } from "../src/protocol/lookalikes";

test("texts that look alike are doubted", () => {
  for (const [one, other] of [
    ["Oak", "Оak"], // Cyrillic О
    ["Oak", "Οak"], // Greek Ο
    ["cope", "соре"], // all of it Cyrillic
    ["Oak", "Ｏａｋ"], // full width
    ["Oak", "Oak\ufe0f"],
    ["Oak", "Oak\u3164"],
    ["Plan I", "Plan l"],
    ["Plan 1", "Plan |"],
    ["NO", "N0"],
    ["barn", "bam"],
    ["a-b", "a–b"],
    ["Café", "Cafe\u0301"],
    ["Oui ?", "Oui\u202f?"],
    ["میخواهم", "می\u200cخواهم"],
  ] as const) {
    assert.deepEqual(doubts(["Lime", one, other]), [{ name: "like", index: 2, other: 1 }], other);
  }
});

test("a word of two alphabets is doubted", () => {
  assert.deepEqual(doubts(["Lime", "Оak tree"]), [{ name: "mixed", index: 1 }]);
});

test("texts that differ are not doubted", () => {
  for (const texts of [
    ["Lime", "Oak", "Maple"],
    ["Да", "Нет", "ДА"],
    ["К", "к"],
    ["Oak", "oak", "Oaks"],
    ["10 trees", "100 trees"],
    ["C", "C++"],
    ["T-рубашка", "5 μm, 3 kΩ", "IT-отдел"],
    ["日本", "日木"],
  ]) {
    assert.deepEqual(doubts(texts), [], texts.join());
  }
});
