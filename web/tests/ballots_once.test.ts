/** What the booth promises of ballots and secrets, with the built page, a real chain and relays. */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { after, before, describe, test } from "node:test";
import type { Browser } from "playwright-core";
import { serve } from "../src/booth/desk";
import { DeskLine } from "../src/booth/desk_line";
import { fromWords } from "../src/crypto/ballot_proof";
import { fromPlain } from "../src/protocol/definition";
import { parseLink } from "../src/protocol/link";
import { Form } from "../src/protocol/plain";
import { launch } from "./browser";
import { Town, type TownVoter } from "./town";
import { served, type TreeVote, Visitor } from "./visitor";

const PAGE = "build/page/ballots_once.html";
const OAK: TreeVote = { tree: "Oak", benches: ["Wood", "Iron"] };
const NOBODY = "http://127.0.0.1:9";

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

/** Somebody with a ballot whose tracker is shown. */
async function decides(poll: string, voter: TownVoter): Promise<[Visitor, string]> {
  const visitor = await Visitor.arrives(browser, town.told, site);
  await visitor.opens(town.poll(poll).fragment);
  await visitor.begins(voter);
  await visitor.answers(OAK);
  return [visitor, await visitor.encrypts()];
}

describe("a ballot", () => {
  test("leaves the desk once: proven, or opened", async () => {
    const { port1, port2 } = new MessageChannel();
    serve(port2);
    const desk = new DeskLine(port1);
    const link = parseLink(town.poll("trees").link);
    const { definition } = await desk.ask("open", { url: town.told.node, link });
    const { questions } = fromPlain(Form.parse(definition, "poll"));
    const voter = { voter: town.voter(0).address, weight: 1n, replaces: null };
    const scores = [0, 1, 0, 1, 0, 1];
    const spent = { name: "BallotSpent" };

    const cast = await desk.ask("prepare", { scores, voter });
    await assert.rejects(desk.ask("audit", { tracker: new Uint8Array(32) }), spent);
    assert.ok(fromWords(await desk.ask("release", cast), questions));
    await assert.rejects(desk.ask("audit", cast), spent);
    await assert.rejects(desk.ask("release", cast), spent);

    const audited = await desk.ask("prepare", { scores, voter });
    const { votes } = await desk.ask("check", { text: await desk.ask("audit", audited) });
    const found = votes.flatMap((each) => each.options.map(([, score]) => Number(score)));
    assert.deepEqual(found, scores);
    await assert.rejects(desk.ask("release", audited), spent);

    const left = await desk.ask("prepare", { scores, voter });
    await desk.ask("prepare", { scores, voter });
    await assert.rejects(desk.ask("release", left), spent);
    const overvote = desk.ask("prepare", { scores: [1, 1, 0, 0, 0, 0], voter });
    await assert.rejects(overvote, { name: "InvalidScores" });
    port1.close();
  });

  test("is opened by nothing that the browser stores, and so is a key", async () => {
    const voter = town.voter(0);
    const [visitor, tracker] = await decides("trees", voter);
    const stored = (): Promise<string> =>
      visitor.page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
    const atDecision = await stored();
    await visitor.presses("Audit this ballot");
    await visitor.reads("The tracker belongs to this vote");
    for (const text of [atDecision, await stored()]) {
      assert.match(text, /given/); // the answers are there
      const secrets = [tracker.slice(2), voter.key.replace("0x", ""), town.told.password];
      assert.deepEqual(
        secrets.filter((each) => text.includes(each)),
        [],
      );
      assert.doesNotMatch(text, /randomness|ciphertext/);
    }
    await visitor.leaves();
  });

  test("is made anew from an answer that was changed", async () => {
    const [visitor, first] = await decides("trees", town.voter(1));
    await visitor.presses("Back");
    await visitor.page.getByRole("button", { name: "Change Which tree?" }).click();
    await visitor.page.getByRole("radio", { name: "Lime" }).check();
    await visitor.presses("Next");
    await visitor.presses("Next");
    await visitor.sees("Is this your vote?");
    const given = await visitor.page.locator(".given li").allTextContents();
    assert.deepEqual(given, ["Lime", "Wood", "Iron"]);
    assert.notEqual(await visitor.encrypts(), first);
    await visitor.leaves();
  });

  test("is not of answers that were changed while it was made", async () => {
    const visitor = await Visitor.arrives(browser, town.told, site);
    const { page } = visitor;
    await visitor.opens(town.poll("trees").fragment);
    await visitor.begins(town.voter(1));
    await visitor.answers(OAK);
    let answer: (() => void) | undefined;
    const held = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(/rpc$/, async (route) => {
      await held; // the node is slow
      await route.continue();
    });
    await visitor.presses("Encrypt my ballot");
    await page.goBack();
    await visitor.sees("Which benches?");
    await page.getByRole("checkbox", { name: "Stone" }).check();
    await visitor.presses("Next");
    await visitor.sees("Is this your vote?");
    answer?.();
    const encrypt = page.getByRole("button", { name: "Encrypt my ballot" });
    await page.waitForFunction(
      (each) => !each?.hasAttribute("disabled"),
      await encrypt.elementHandle(),
    );
    assert.equal(await page.locator("[data-tracker]").count(), 0);
    await visitor.encrypts();
    await visitor.leaves();
  });

  test("that was opened elsewhere is refused if its file says another vote", async () => {
    const [visitor] = await decides("trees", town.voter(2));
    await visitor.presses("Audit this ballot");
    const saved = visitor.page.waitForEvent("download");
    await visitor.presses("Save the audit file");
    const text = readFileSync(await (await saved).path(), "utf8");
    const bent = text.replace(/"scores":\s*\[\s*0,\s*1,/, '"scores":[1,0,');
    assert.notEqual(bent, text);
    await visitor.opens("#start");
    await visitor.page.locator("input[type=file]").setInputFiles({
      name: "audit.json",
      mimeType: "application/json",
      buffer: Buffer.from(bent),
    });
    await visitor.reads("The tracker does not belong to this vote");
    await visitor.leaves();
  });

  test("is not signed if another device was faster", async () => {
    const voter = town.voter(3);
    const [one, tracker] = await decides("trees", voter);
    const [other] = await decides("trees", voter);
    await one.casts();
    await one.isCounted();
    await other.casts();
    await other.reads("Another ballot of yours was counted meanwhile");
    await other.sees("Is this your vote?");
    assert.equal(await town.tracker("trees", voter), tracker);
    await Promise.all([one.leaves(), other.leaves()]);
  });

  test("is not signed once its poll has closed", async () => {
    const [visitor] = await decides("closing", town.voter(4));
    await town.do("close", { poll: "closing" });
    await visitor.casts();
    await visitor.reads("This poll is not open");
    await visitor.page.reload();
    await visitor.reads("This poll is closed");
    await visitor.leaves();
  });
});

test("a link whose relay is gone opens the poll by another", async () => {
  const visitor = await Visitor.arrives(browser, town.told, site);
  visitor.expects(NOBODY);
  await visitor.opens(`#${town.poll("trees").link}&at=${encodeURIComponent(NOBODY)}`);
  await visitor.reads("does not answer");
  await visitor.page.getByLabel("Relay or node").fill("trees");
  await visitor.presses("Use these");
  await visitor.reads("Write an address that begins with");
  await visitor.page.getByLabel("Relay or node").fill(town.told.relay);
  await visitor.presses("Use these");
  await visitor.sees("Trees and benches");
  await visitor.page.reload();
  await visitor.sees("Trees and benches");
  await visitor.leaves();
});

describe("the code of a letter", () => {
  test("stays in no address, in no history and in no store", async () => {
    const visitor = await Visitor.arrives(browser, town.told, site);
    const { page } = visitor;
    const [letter] = town.told.letters;
    const code = new RegExp(letter?.code.slice(0, 9) ?? "none");
    await visitor.opens("#start");
    await page.evaluate((hash) => {
      location.hash = hash;
    }, letter?.fragment ?? "");
    await visitor.sees("Oak Street");
    await visitor.presses("Next");
    await visitor.sees("Your key");
    const session = await visitor.context.newCDPSession(page);
    const { entries } = await session.send("Page.getNavigationHistory");
    assert.ok(entries.length > 2);
    assert.doesNotMatch(entries.map((each) => each.url).join(" "), code);
    const kept = await page.evaluate(() =>
      JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    assert.doesNotMatch(kept, code);
    for (let back = 0; back < 2; back++) await page.goBack();
    await visitor.sees("Vote, and check every vote");
    await page.goForward();
    await visitor.sees("Oak Street");
    assert.equal(await page.getByLabel("The code in your letter").inputValue(), "");
    await visitor.leaves();
  });
});
