/**
 * Whole polls in Chromium: the built page, a real chain and real relays, and people who vote as people
 * do. All of it is one town, and its polls go on side by side.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { launch } from "./browser";
import { Town } from "./town";
import { served, type TreeVote, Visitor } from "./visitor";

const PAGE = "build/page/index.html";
const OAK: TreeVote = { tree: "Oak", benches: ["Wood", "Stone"] };
const LIME: TreeVote = { tree: "Lime", benches: [] };

let [town, browser, server, site] = [] as unknown as [Town, Browser, Server, string];
before(async () => {
  execFileSync("node", ["web/build.mjs", PAGE]);
  [site, server] = await served(readFileSync(PAGE));
  [town, browser] = await Promise.all([Town.start(), launch()]);
});
after(async () => {
  await browser?.close();
  server?.close();
  await town?.end();
});

const arrives = (): Promise<Visitor> => Visitor.arrives(browser, town.told, site);

describe("voters", { concurrency: 3 }, () => {
  test("vote with key files, and the ballots count", async () => {
    for (const at of [0, 1]) {
      const visitor = await arrives();
      const tracker = await visitor.votes(town.poll("closing").fragment, town.voter(at), OAK);
      assert.equal(await town.tracker("closing", town.voter(at)), tracker);
      await visitor.leaves();
    }
  });

  test("vote again, and the later ballot counts", async () => {
    const [visitor, voter] = [await arrives(), town.voter(2)];
    const first = await visitor.votes(town.poll("trees").fragment, voter, OAK);
    await visitor.presses("Vote again");
    await visitor.answers(LIME);
    const second = await visitor.encrypts();
    await visitor.reads("It takes the place of your earlier ballot.");
    await visitor.casts();
    await visitor.isCounted();
    assert.notEqual(second, first);
    assert.equal(await town.tracker("trees", voter), second);
    await visitor.leaves();
  });
});
