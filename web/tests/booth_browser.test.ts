import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { after, before, describe, test } from "node:test";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { serve } from "../src/booth/desk";
import { DeskLine } from "../src/booth/desk_line";
import { fromWords } from "../src/crypto/ballot_proof";
import { fromPlain } from "../src/protocol/definition";
import { parseLink } from "../src/protocol/link";
import { Form } from "../src/protocol/plain";
import { launch, PAGE, PATIENCE } from "./browser";
import { Town, type TownVoter } from "./town";

const folder = mkdtempSync(`${tmpdir()}/veche-booth-`);

describe("the booth", () => {
  let browser: Browser;
  let town: Town;
  before(async () => {
    [browser, town] = await Promise.all([launch(), Town.start()]);
  });
  after(() => Promise.all([browser.close(), town.end()]));

  // -- What a voter does --

  async function tab(context?: BrowserContext): Promise<Page> {
    const page = await (context ?? (await browser.newContext())).newPage();
    page.setDefaultTimeout(PATIENCE);
    page.on("pageerror", (error) => assert.fail(error));
    return page;
  }

  async function opened(fragment: string, context?: BrowserContext): Promise<Page> {
    const page = await tab(context);
    await page.goto(PAGE + fragment);
    await heading(page, "Trees and benches").waitFor();
    return page;
  }

  const heading = (page: Page, name: string): Locator =>
    page.getByRole("heading", { level: 1, name, exact: true });
  const press = (page: Page, name: string): Promise<void> =>
    page.getByRole("button", { name, exact: true }).click();
  const alert = (page: Page): Locator => page.getByRole("alert");

  async function unlock(page: Page, voter: TownVoter, password = town.told.password) {
    const file = `${folder}/${voter.address}.json`;
    writeFileSync(file, voter.keystore);
    await page.getByLabel("Your key file").setInputFiles(file);
    await page.getByLabel("Its password").fill(password);
    await press(page, "Open the key");
  }

  async function begin(page: Page, voter: TownVoter): Promise<void> {
    await press(page, "Begin");
    await unlock(page, voter);
    await page.getByText("Your key is on the electoral roll").waitFor();
    await press(page, "Next");
  }

  async function answer(page: Page, tree = "Oak", benches = ["Wood", "Iron"]): Promise<void> {
    await page.getByLabel(tree).check();
    await press(page, "Next");
    await heading(page, "Which benches?").waitFor();
    for (const each of benches) await page.getByLabel(each).check();
    await press(page, "Next");
    await heading(page, "Is this your vote?").waitFor();
  }

  /** Encrypts the ballot, and returns the tracker that is shown. */
  async function encrypt(page: Page): Promise<string> {
    await press(page, "Encrypt my ballot");
    await heading(page, "Cast or audit?").waitFor();
    return trackerOn(page);
  }

  const trackerOn = async (page: Page): Promise<string> =>
    (await page.locator("[data-tracker]").first().getAttribute("data-tracker")) ?? "";

  /** Goes from the link to a tracker. */
  async function prepared(voter: TownVoter, fragment: string, context?: BrowserContext) {
    const page = await opened(fragment, context);
    await begin(page, voter);
    await answer(page);
    return { page, tracker: await encrypt(page) };
  }

  const at = (link: string, url: string): string => `#${link}&at=${encodeURIComponent(url)}`;

  async function stored(page: Page): Promise<string> {
    return page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]));
  }

  // -- The way --

  test("a ballot is cast, a node shows it, and a reload at any step loses nothing", async () => {
    const voter = town.voter(0);
    const page = await opened(town.poll("trees").fragment);
    await page.reload();
    await begin(page, voter);
    await page.getByLabel("Oak").check();
    await page.reload();
    await heading(page, "Which tree?").waitFor();
    assert.ok(await page.getByLabel("Oak").isChecked());
    await answer(page);
    await page.reload();
    await heading(page, "Is this your vote?").waitFor();
    const answers = await page.locator(".given li").allTextContents();
    assert.deepEqual(answers, ["Oak", "Wood", "Iron"]);
    await press(page, "Open my key");
    await unlock(page, voter);
    await press(page, "Next");
    const first = await encrypt(page);
    await page.reload();
    await heading(page, "Is this your vote?").waitFor();
    await press(page, "Open my key");
    await unlock(page, voter);
    await press(page, "Next");
    const tracker = await encrypt(page);
    assert.notEqual(tracker, first);
    await press(page, "Cast this ballot");
    await page.getByText("on its way").or(page.getByText("counts")).first().waitFor();
    await page.reload();
    await heading(page, "Your ballot counts").waitFor();
    assert.equal(await trackerOn(page), tracker);
    assert.equal(await town.tracker("trees", voter), tracker);
    await page.reload();
    await heading(page, "Your ballot counts").waitFor();
    assert.equal(await page.locator(".receipt svg.qr").count(), 1);
    await page.context().close();
  });

  test("the back button leads through the steps, and never behind a ballot that was sent", async () => {
    const page = await opened(town.poll("trees").fragment);
    await begin(page, town.voter(1));
    await answer(page);
    await page.goBack();
    await heading(page, "Which benches?").waitFor();
    await page.goBack();
    await heading(page, "Which tree?").waitFor();
    await page.goForward();
    await page.goForward();
    await heading(page, "Is this your vote?").waitFor();
    const first = await encrypt(page);
    await page.goBack();
    await heading(page, "Is this your vote?").waitFor();
    await page.goForward();
    await heading(page, "Is this your vote?").waitFor();
    assert.notEqual(await encrypt(page), first);
    await press(page, "Cast this ballot");
    await heading(page, "Your ballot counts").waitFor();
    await page.goBack();
    await heading(page, "Your ballot counts").waitFor();
    await page.context().close();
  });

  test("an answer is changed from the review, and a voter votes again", async () => {
    const voter = town.voter(2);
    const page = await opened(town.poll("trees").fragment);
    await begin(page, voter);
    await answer(page);
    await page.getByRole("button", { name: "Change Which tree?" }).click();
    await page.getByLabel("Lime").check();
    await press(page, "Next");
    await press(page, "Next");
    assert.deepEqual(await page.locator(".given li").allTextContents(), ["Lime", "Wood", "Iron"]);
    const first = await encrypt(page);
    await press(page, "Cast this ballot");
    await heading(page, "Your ballot counts").waitFor();
    await press(page, "Vote again");
    await heading(page, "Which tree?").waitFor();
    assert.equal(await page.locator(":checked:not(option)").count(), 0);
    await answer(page, "Rowan", ["Stone"]);
    const second = await encrypt(page);
    await page.getByText("takes the place of your earlier ballot").waitFor();
    await press(page, "Cast this ballot");
    await heading(page, "Your ballot counts").waitFor();
    assert.equal(await town.tracker("trees", voter), second);
    assert.notEqual(first, second);
    await page.context().close();
  });

  test("an audited ballot shows what was chosen, is checked elsewhere, and is never cast", async () => {
    const voter = town.voter(3);
    const { page, tracker } = await prepared(voter, town.poll("trees").fragment);
    await press(page, "Audit this ballot");
    await page.getByText("The tracker belongs to this vote").waitFor();
    assert.equal(await trackerOn(page), tracker);
    assert.deepEqual(await page.locator(".votes td").allTextContents(), [..."010", ..."101"]);
    const download = page.waitForEvent("download");
    await press(page, "Save the audit file");
    const file = `${folder}/audit.json`;
    await (await download).saveAs(file);

    const elsewhere = await tab();
    await elsewhere.goto(PAGE);
    await elsewhere.locator("input[type=file]").setInputFiles(file);
    await elsewhere.getByText("The tracker belongs to this vote").waitFor();
    assert.equal(await trackerOn(elsewhere), tracker);
    const bent = readFileSync(file, "utf8").replace('"scores":[0,1,0', '"scores":[1,0,0');
    assert.notEqual(bent, readFileSync(file, "utf8"));
    writeFileSync(`${folder}/bent.json`, bent);
    await elsewhere.goto(`${PAGE}#start`);
    await elsewhere.reload();
    await elsewhere.locator("input[type=file]").setInputFiles(`${folder}/bent.json`);
    await alert(elsewhere).getByText("The tracker does not belong to this vote").waitFor();

    await press(page, "Go on with a fresh ballot");
    const fresh = await encrypt(page);
    assert.notEqual(fresh, tracker);
    await press(page, "Cast this ballot");
    await heading(page, "Your ballot counts").waitFor();
    assert.equal(await town.tracker("trees", voter), fresh);
    await Promise.all([page.context().close(), elsewhere.context().close()]);
  });

  test("every kind of question is a form with its rule, and its texts are never markup", async () => {
    const page = await tab();
    await page.goto(PAGE + town.poll("kinds").fragment);
    await heading(page, "<b>All</b> kinds of questions & أسئلة").waitFor();
    await begin(page, town.voter(4));
    await heading(page, "ما هي الشجرة؟").waitFor();
    await press(page, "Next");
    await alert(page).getByText("Answer this question first").waitFor();
    await page.getByLabel("بلوط").check();
    await press(page, "Next");
    await heading(page, "<script>alert(1)</script>").waitFor();
    for (const each of ["<img src=x onerror=alert(1)>", "&amp;", "c"]) {
      await page.getByLabel(each, { exact: true }).check();
    }
    await alert(page).getByText("Give no more than 2").waitFor();
    await page.getByLabel("c", { exact: true }).uncheck();
    await press(page, "Next");
    await heading(page, "Whom do you approve of?").waitFor();
    await page.getByLabel("I give nothing here").check();
    await press(page, "Next");
    await heading(page, "Give each a score").waitFor();
    await page.getByLabel("Park").fill("6");
    await alert(page).getByText("from 0 to 5").waitFor();
    await page.getByLabel("Park").fill("5");
    await press(page, "Next");
    await heading(page, "Give out ten points").waitFor();
    await page.getByLabel("Roads").fill("3");
    await page.getByText("3 of 10 points given").waitFor();
    await press(page, "Next");
    await alert(page).getByText("Give at least 10").waitFor();
    await page.getByLabel("Schools").fill("7");
    await press(page, "Next");
    await heading(page, "Is this your vote?").waitFor();
    await encrypt(page);
    await press(page, "Cast this ballot");
    await heading(page, "Your ballot counts").waitFor();
    await page.context().close();
  });

  // -- Secrets --

  test("nothing that is stored opens a ballot or a key", async () => {
    const voter = town.voter(5);
    const { page, tracker } = await prepared(voter, town.poll("trees").fragment);
    const atDecision = await stored(page);
    await press(page, "Audit this ballot");
    await page.getByText("The tracker belongs to this vote").waitFor();
    const atAudit = await stored(page);
    for (const text of [atDecision, atAudit]) {
      for (const secret of [tracker.slice(2), voter.key.replace("0x", ""), town.told.password]) {
        assert.ok(!text.includes(secret));
      }
      assert.ok(!/randomness|ciphertext/.test(text));
    }
    await page.context().close();
  });

  test("the desk gives a ballot once: proven, or opened", async () => {
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
    await assert.rejects(desk.ask("prepare", { scores: [1, 1, 0, 0, 0, 0], voter }), {
      name: "InvalidScores",
    });
    port1.close();
  });

  // -- What can go wrong --

  test("another poll than the link's stops before anything is asked", async () => {
    const { link, fragment } = town.poll("trees");
    const bent = link.slice(0, -1) + (link.endsWith("0") ? "1" : "0");
    const page = await tab();
    await page.goto(PAGE + fragment.replace(link, bent));
    await heading(page, "Do not vote here").waitFor();
    assert.equal(await page.locator("tr[data-verdict=fail]").count(), 1);
    assert.equal(await page.getByRole("button", { name: "Begin" }).count(), 0);
    await page.context().close();
  });

  test("a node that shows another key stops it too", async () => {
    const { link } = town.poll("trees");
    await town.do("lie", { name: "another key" });
    const page = await tab();
    await page.goto(PAGE + at(link, town.told.liar));
    await heading(page, "Do not vote here").waitFor();
    await town.do("lie", {});
    await press(page, "Try again");
    await heading(page, "Trees and benches").waitFor();
    await page.context().close();
  });

  test("another network, and nobody at all, are told apart", async () => {
    const { link } = town.poll("trees");
    const page = await tab();
    await page.goto(PAGE + at(link.replace("@31337", "@1"), town.told.relay));
    await alert(page).getByText("another network").waitFor();
    const other = await tab();
    await other.goto(PAGE + at(link, "http://127.0.0.1:9"));
    await alert(other).getByText("does not answer").waitFor();
    await other.getByLabel("Relay or node").fill(town.told.relay);
    await press(other, "Use these");
    await heading(other, "Trees and benches").waitFor();
    await Promise.all([page.context().close(), other.context().close()]);
  });

  test("a key that is not on the roll, a wrong password and no key file are told", async () => {
    const page = await opened(town.poll("trees").fragment);
    await press(page, "Begin");
    await unlock(page, town.voter(6), "wrong");
    await alert(page).getByText("The password does not open this key file").waitFor();
    const file = `${folder}/none.json`;
    writeFileSync(file, "{}");
    await page.getByLabel("Your key file").setInputFiles(file);
    await page.getByLabel("Its password").fill("x");
    await press(page, "Open the key");
    await alert(page).getByText("This file is no key file").waitFor();
    await unlock(page, town.told.stranger);
    await alert(page).getByText("not on the electoral roll").waitFor();
    await page.context().close();
  });

  test("a relay that swallows the ballot is gone round: saved as a file, and by another relay", async () => {
    const voter = town.voter(6);
    await town.do("trick", { name: "swallow" });
    const { page, tracker } = await prepared(voter, at(town.poll("trees").link, town.told.proxy));
    await press(page, "Cast this ballot");
    await page.getByText("says that it has your ballot").waitFor();
    await page.locator("summary", { hasText: "If it does not arrive" }).click();
    const download = page.waitForEvent("download");
    await press(page, "Save the signed ballot");
    await (await download).saveAs(`${folder}/ballot.json`);
    assert.equal(JSON.parse(readFileSync(`${folder}/ballot.json`, "utf8")).voter, voter.address);
    await page.getByLabel("Another relay").fill(town.told.relay);
    await press(page, "Hand it in there");
    await heading(page, "Your ballot counts").waitFor();
    assert.equal(await town.tracker("trees", voter), tracker);
    await town.do("trick", { name: "honest" });
    await page.context().close();
  });

  test("a relay's refusal is told as its word, and the ballot is handed in again", async () => {
    await town.do("trick", { name: "refuse" });
    const { page } = await prepared(town.voter(7), at(town.poll("trees").link, town.told.proxy));
    await press(page, "Cast this ballot");
    await page.getByText("did not take your ballot").waitFor();
    await town.do("trick", { name: "honest" });
    await press(page, "Hand it in again");
    await heading(page, "Your ballot counts").waitFor();
    await page.context().close();
  });

  test("with a node alone the ballot is signed for a carrier", async () => {
    const { page } = await prepared(town.voter(8), at(town.poll("trees").link, town.told.node));
    await press(page, "Cast this ballot");
    await page.getByText("nobody carries it yet").waitFor();
    await page.getByLabel("Another relay").fill(town.told.relay);
    await press(page, "Hand it in there");
    await heading(page, "Your ballot counts").waitFor();
    assert.equal(await page.getByText("This node is the relay's own").count(), 0);
    await page.context().close();
  });

  test("a lost connection is waited out", async () => {
    const voter = town.voter(9);
    const { page, tracker } = await prepared(voter, town.poll("trees").fragment);
    await page.context().setOffline(true);
    await press(page, "Cast this ballot");
    await alert(page).getByText("does not answer").waitFor();
    await page.context().setOffline(false);
    await press(page, "Cast this ballot");
    await heading(page, "Your ballot counts").waitFor();
    assert.equal(await town.tracker("trees", voter), tracker);
    await page.context().close();
  });

  test("a second tab learns at once of a ballot that the first has sent", async () => {
    const voter = town.voter(10);
    const context = await browser.newContext();
    const { fragment } = town.poll("more");
    const one = await prepared(voter, fragment, context);
    const other = await prepared(voter, fragment, context);
    await press(one.page, "Cast this ballot");
    await heading(other.page, "Is this your vote?").waitFor();
    await other.page.getByText("Another ballot of yours was sent").waitFor();
    await heading(one.page, "Your ballot counts").waitFor();
    await encrypt(other.page);
    await other.page.getByText("takes the place of your earlier ballot").waitFor();
    await press(other.page, "Cast this ballot");
    await heading(other.page, "Your ballot counts").waitFor();
    await heading(one.page, "A later ballot counts in its place").waitFor();
    await context.close();
  });

  test("another device learns from the node, before it signs", async () => {
    const voter = town.voter(11);
    const { fragment } = town.poll("more");
    const one = await prepared(voter, fragment);
    const other = await prepared(voter, fragment);
    await press(one.page, "Cast this ballot");
    await heading(one.page, "Your ballot counts").waitFor();
    await press(other.page, "Cast this ballot");
    await alert(other.page).getByText("Another ballot of yours was counted meanwhile").waitFor();
    await heading(other.page, "Is this your vote?").waitFor();
    assert.equal(await town.tracker("more", voter), one.tracker);
    await Promise.all([one.page.context().close(), other.page.context().close()]);
  });

  test("polls in which nobody can vote say so", async () => {
    for (const [name, words] of [
      ["scheduled", "not open yet"],
      ["tallied", "is closed"],
      ["cancelled", "have cancelled"],
    ] as const) {
      const page = await tab();
      await page.goto(PAGE + town.poll(name).fragment);
      await page.getByText(words).waitFor();
      assert.equal(await page.getByRole("button", { name: "Begin" }).count(), 0);
      await page.context().close();
    }
  });

  test("a poll that closes meanwhile is told before a ballot is signed", async () => {
    const { page } = await prepared(town.voter(0), town.poll("closing").fragment);
    await town.do("close", { poll: "closing" });
    await press(page, "Cast this ballot");
    await alert(page).getByText("not open").waitFor();
    await page.reload();
    await page.getByText("This poll is closed").waitFor();
    await page.context().close();
  });
});
