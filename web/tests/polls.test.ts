/**
 * Whole polls in Chromium: the built page, a real chain and real relays, and people who vote as people
 * do. All of it is one town, and its polls go on side by side.
 */

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import { resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import type { Browser, Page } from "playwright-core";
import decodeQr from "qr/decode.js";
import { launch, PATIENCE, PLAIN } from "./browser";
import { Town, type TownVoter } from "./town";
import { PASSWORD, served, type TreeVote, Visitor } from "./visitor";
import { Wallet } from "./wallet";

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

/** A key file that asks for so much work. */
function demanding(params: { n: number; r: number; p: number }): string {
  const file = JSON.parse(town.voter(0).keystore);
  const crypto = file.crypto ?? file.Crypto;
  const kdfparams = { ...params, dklen: 32, salt: "11".repeat(32) };
  return JSON.stringify({ version: 3, crypto: { ...crypto, kdf: "scrypt", kdfparams } });
}

/** What a camera would read in a picture of a QR code. */
async function readQr(page: Page, picture: Buffer): Promise<string> {
  const image = await page.evaluate(async (png) => {
    const bytes = Uint8Array.from(atob(png), (each) => each.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const { width, height } = bitmap;
    const pen = new OffscreenCanvas(width, height).getContext("2d");
    pen?.drawImage(bitmap, 0, 0);
    return { width, height, data: [...(pen?.getImageData(0, 0, width, height).data ?? [])] };
  }, picture.toString("base64"));
  return decodeQr({ ...image, data: Uint8Array.from(image.data) }, { timeLimit: PATIENCE });
}

/** Somebody arrives, does something, and leaves. */
async function visit(act: (visitor: Visitor) => Promise<void>): Promise<void> {
  const visitor = await Visitor.arrives(browser, town.told, site);
  await act(visitor);
  await visitor.leaves();
}

describe("voters", { concurrency: 4 }, () => {
  test("enrol by the code of a letter, and vote with the key that they made", async () => {
    const keys: TownVoter[] = [];
    for (const letter of town.told.letters.slice(0, 2)) {
      await visit(async (visitor) => {
        const { page } = visitor;
        await visitor.opens(letter.fragment);
        await visitor.sees("Oak Street");
        assert.doesNotMatch(page.url(), /code=/);
        const typed = page.getByLabel("The code in your letter");
        assert.equal(await typed.inputValue(), letter.code);
        await typed.fill(letter.code.replace(/^./, (first) => (first === "A" ? "B" : "A")));
        await visitor.presses("Next");
        await visitor.reads("This is not the code of a letter, or a character is wrong.");
        await visitor.reads("Look at group 1.");
        await typed.fill(letter.code.toLowerCase().replaceAll("-", " "));
        await visitor.presses("Next");
        await page.goBack();
        await visitor.sees("Oak Street");
        await page.reload();
        await typed.fill(letter.code);
        await visitor.presses("Next");
        keys.push(await visitor.makesKey());
        await visitor.sees("Enrol with this key?");
        await visitor.presses("Enrol");
        await visitor.sees("You are enrolled");
        await visitor.reads("The code of your letter stands in this browser's history.");
      });
    }
    await visit(async (visitor) => {
      await visitor.opens(town.told.letters[1]?.fragment ?? "");
      await visitor.presses("Next");
      await visitor.unlocksAny(town.voter(11), town.told.password);
      await visitor.presses("Enrol");
      await visitor.reads("Your letter is bound to another key");
      await visitor.presses("Replace it by this key");
      await visitor.sees("You are enrolled");
    });
    await visit(async (visitor) => {
      await visitor.opens(town.told.letters[2]?.fragment ?? "");
      await visitor.presses("Next");
      await visitor.unlocksAny(town.voter(11), town.told.password);
      await visitor.presses("Enrol");
      await visitor.reads("somebody else is enrolled with this key");
    });
    const opened = await town.do("freeze");
    const enrolled = [keys[0]?.address, town.voter(11).address].sort();
    assert.deepEqual(opened["voters"], enrolled);
    await visit(async (visitor) => {
      visitor.expects(String(opened["relay"]));
      await visitor.opens(String(opened["fragment"]));
      await visitor.presses("Begin");
      await visitor.unlocksAny(keys[0] as TownVoter, PASSWORD);
      await visitor.reads("Your key is on the electoral roll");
      await visitor.presses("Next");
      await visitor.answers(OAK);
      const tracker = await visitor.encrypts();
      await visitor.casts();
      await visitor.isCounted();
      assert.equal(await town.tracker("enrolled", keys[0] as TownVoter), tracker);
    });
  });

  test("vote with key files; then the poll closes, and the result is theirs", async () => {
    const { fragment } = town.poll("closing");
    const voted = await Promise.all(
      [0, 1].map(async (at) => {
        let tracker = "";
        await visit(async (visitor) => {
          tracker = await visitor.votes(fragment, town.voter(at), OAK);
        });
        return tracker === (await town.tracker("closing", town.voter(at)));
      }),
    );
    assert.deepEqual(voted, [true, true]);
    await visit(async (visitor) => {
      await visitor.opens(fragment);
      await visitor.begins(town.voter(3));
      await visitor.answers(LIME);
      await visitor.encrypts();
      await town.do("close", { poll: "closing" });
      await visitor.casts();
      await visitor.reads("This poll is not open, so nobody can vote in it now.");
      await visitor.page.goto("about:blank");
      await visitor.opens(fragment);
      await visitor.reads("This poll is closed. Nobody can vote any more.");
    });
    const { result } = await town.do("tally", { poll: "closing" });
    assert.deepEqual(result, [
      [0, 2, 0],
      [2, 2, 0],
    ]);
  });

  test("vote again, and the later ballot counts", () =>
    visit(async (visitor) => {
      const voter = town.voter(2);
      const first = await visitor.votes(town.poll("trees").fragment, voter, OAK);
      await visitor.presses("Vote again");
      await visitor.answers(LIME);
      await visitor.presses("Open my key"); // it was closed once the first ballot was sent
      await visitor.unlocks(voter);
      await visitor.presses("Next");
      const second = await visitor.encrypts();
      await visitor.reads("It takes the place of your earlier ballot.");
      await visitor.casts();
      await visitor.isCounted();
      assert.notEqual(second, first);
      assert.equal(await town.tracker("trees", voter), second);
    }));

  test("audit a ballot, which is spent, and cast a fresh one", () =>
    visit(async (visitor) => {
      const voter = town.voter(4);
      await visitor.opens(town.poll("trees").fragment);
      await visitor.begins(voter);
      await visitor.answers(OAK);
      const audited = await visitor.encrypts();
      await visitor.presses("Audit this ballot");
      await visitor.reads("The tracker belongs to this vote");
      const saved = visitor.page.waitForEvent("download");
      await visitor.presses("Save the audit file");
      const file = await (await saved).path();
      await visitor.presses("Go on with a fresh ballot");
      const fresh = await visitor.encrypts();
      assert.notEqual(fresh, audited);
      await visitor.casts();
      await visitor.isCounted();
      assert.equal(await town.tracker("trees", voter), fresh);
      await visit(async (other) => {
        await other.opens("");
        await other.page.locator("input[type=file]").setInputFiles({
          name: "audit.json",
          mimeType: "application/json",
          buffer: readFileSync(file),
        });
        await other.reads("The tracker belongs to this vote");
        assert.equal(await other.tracker(), audited);
      });
    }));

  test("take a receipt away, whose QR code holds the link and the tracker that stand on it", () =>
    visit(async (visitor) => {
      const { page } = visitor;
      const { fragment, link } = town.poll("more");
      const tracker = await visitor.votes(fragment, town.voter(2), OAK);
      const receipt = page.locator(".receipt");
      const printed = ((await receipt.textContent()) ?? "").replace(/\s+/g, "");
      for (const each of [link, tracker]) assert.ok(printed.includes(each), printed);
      const qr = receipt.getByRole("img", { name: "QR code of the link and the tracker" });
      for (const media of [{}, { colorScheme: "dark" }, { media: "print" }] as const) {
        await page.emulateMedia(media);
        assert.equal(await readQr(page, await qr.screenshot()), `${link} ${tracker}`);
        await page.emulateMedia({ colorScheme: null, media: null });
      }
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.getByRole("button").filter({ visible: true }).count(), 0);
    }));

  test("keep their place at every step, however often they load the page anew or go back", () =>
    visit(async (visitor) => {
      const { page } = visitor;
      const voter = town.voter(5);
      const reloads = () => page.reload();
      await visitor.opens(town.poll("trees").fragment);
      await visitor.sees("Trees and benches");
      await reloads();
      await visitor.presses("Begin");
      await visitor.sees("Your key");
      await reloads();
      await visitor.unlocks(voter);
      await visitor.presses("Next");
      await visitor.sees("Which tree?");
      await page.getByRole("radio", { name: "Oak", exact: true }).check();
      await reloads();
      assert.ok(await page.getByRole("radio", { name: "Oak", exact: true }).isChecked());
      await visitor.presses("Next");
      await visitor.sees("Which benches?");
      await page.goBack();
      await visitor.sees("Which tree?");
      await page.goForward();
      await visitor.sees("Which benches?");
      await page.getByRole("checkbox", { name: "Wood", exact: true }).check();
      await reloads();
      assert.ok(await page.getByRole("checkbox", { name: "Wood", exact: true }).isChecked());
      await visitor.presses("Next");
      await visitor.sees("Is this your vote?");
      await visitor.presses("Open my key");
      await visitor.unlocks(voter);
      await visitor.presses("Next");
      const first = await visitor.encrypts();
      await page.goBack();
      await visitor.sees("Is this your vote?");
      const second = await visitor.encrypts();
      assert.notEqual(second, first);
      await reloads();
      await visitor.sees("Is this your vote?");
      await visitor.presses("Open my key");
      await visitor.unlocks(voter);
      await visitor.presses("Next");
      const third = await visitor.encrypts();
      await visitor.casts();
      await visitor.isCounted();
      await reloads();
      await visitor.isCounted();
      assert.equal(await visitor.tracker(), third);
      await page.goBack();
      await visitor.isCounted();
      assert.equal(await town.tracker("trees", voter), third);
    }));

  test("lose the connection, and go on when it is back", () =>
    visit(async (visitor) => {
      const voter = town.voter(6);
      await visitor.opens(town.poll("trees").fragment);
      await visitor.begins(voter);
      await visitor.answers(OAK);
      await visitor.context.setOffline(true);
      await visitor.presses("Encrypt my ballot");
      await visitor.reads("does not answer");
      await visitor.context.setOffline(false);
      const tracker = await visitor.encrypts();
      await visitor.context.setOffline(true);
      await visitor.casts();
      await visitor.reads("does not answer");
      await visitor.context.setOffline(false);
      await visitor.casts();
      await visitor.isCounted();
      assert.equal(await town.tracker("trees", voter), tracker);
    }));

  test("have two tabs open, and cast no ballot that replaces a wrong one", () =>
    visit(async (visitor) => {
      const [voter, { fragment }] = [town.voter(7), town.poll("trees")];
      const other = await visitor.secondTab();
      for (const each of [visitor, other]) {
        await each.opens(fragment);
        await each.begins(voter);
        await each.answers(OAK);
        await each.encrypts();
      }
      await visitor.casts();
      await visitor.isCounted();
      await other.reads("Another ballot of yours was sent");
      await other.sees("Is this your vote?");
      const later = await other.encrypts();
      await other.casts();
      await other.isCounted();
      await visitor.sees("A later ballot counts in its place");
      assert.equal(await town.tracker("trees", voter), later);
    }));

  test("answer questions of every kind, whose words are no markup", () =>
    visit(async (visitor) => {
      const { page } = visitor;
      const [voter, poll] = [town.voter(0), town.poll("kinds")];
      await visitor.opens(poll.fragment);
      await visitor.sees("<b>All</b> kinds of questions & أسئلة");
      await visitor.begins(voter);
      await visitor.sees("ما هي الشجرة؟");
      await page.getByRole("radio", { name: "بلوط" }).check();
      await visitor.presses("Next");
      await visitor.sees("<script>alert(1)</script>");
      await page.getByRole("checkbox", { name: "<img src=x onerror=alert(1)>" }).check();
      await page.getByRole("checkbox", { name: "&amp;" }).check();
      await page.getByRole("checkbox", { name: "c", exact: true }).check();
      await visitor.presses("Next");
      await page.getByRole("alert").waitFor();
      await page.getByRole("checkbox", { name: "c", exact: true }).uncheck();
      await visitor.presses("Next");
      await visitor.sees("Whom do you approve of?");
      await page.getByRole("checkbox", { name: "Клара" }).check();
      await visitor.presses("Next");
      await visitor.sees("Give each a score");
      await page.getByLabel("Park").fill("6");
      await page.getByRole("alert").waitFor();
      await page.getByLabel("Park").fill("5");
      await page.getByLabel("Library").fill("2");
      await visitor.presses("Next");
      await visitor.sees("Give out ten points");
      await page.getByLabel("Roads").fill("3");
      await visitor.presses("Next");
      await page.getByRole("alert").waitFor();
      await page.getByLabel("Schools").fill("7");
      await visitor.presses("Next");
      await visitor.sees("Is this your vote?");
      const tracker = await visitor.encrypts();
      await visitor.casts();
      await visitor.isCounted();
      assert.equal(await town.tracker("kinds", voter), tracker);
    }));

  test("vote with a wallet, once it is unlocked, on the poll's network, and willing", () =>
    visit(async (visitor) => {
      const [voter, wallet] = [town.voter(8), await Wallet.installed(visitor.page, town)];
      wallet.key = voter.key;
      await visitor.opens(town.poll("trees").fragment);
      await visitor.presses("Begin");
      await visitor.sees("Your key");
      const wallets = visitor.page.getByRole("button", { name: "Wallet" });
      assert.deepEqual(await wallets.allTextContents(), ["Honest Wallet"]);
      for (const [mood, text] of [
        ["locked", "The wallet shows no account."],
        ["busy", "The wallet still waits for an answer."],
        ["elsewhere", "The wallet is on another network than the poll."],
        ["refuses", "You said no in the wallet"],
      ] as const) {
        wallet.mood = mood;
        await visitor.presses("Honest Wallet");
        await visitor.reads(text);
      }
      wallet.mood = "willing";
      await visitor.presses("Honest Wallet");
      await visitor.reads("Your key is on the electoral roll");
      await visitor.presses("Next");
      await visitor.answers(OAK);
      const tracker = await visitor.encrypts();
      wallet.mood = "refuses";
      await visitor.casts();
      await visitor.reads("You said no in the wallet");
      wallet.mood = "willing";
      wallet.key = town.voter(9).key;
      await visitor.casts();
      await visitor.reads("The signature is not that of your address.");
      assert.equal(await town.tracker("trees", voter), null);
      assert.deepEqual([...new Set(wallet.asked)].sort(), [
        "eth_chainId",
        "eth_requestAccounts",
        "eth_signTypedData_v4",
        "wallet_switchEthereumChain",
      ]);
      wallet.key = voter.key;
      await visitor.casts();
      await visitor.isCounted();
      assert.equal(await town.tracker("trees", voter), tracker);
    }));

  test("show no wallet the node that their link names", () =>
    visit(async (visitor) => {
      const wallet = await Wallet.installed(visitor.page, town);
      wallet.key = town.voter(8).key;
      wallet.mood = "elsewhere";
      const at = encodeURIComponent(`${town.told.liar}/their?key=secret`);
      await visitor.opens(`#${town.poll("more").link}&at=${at}`);
      await visitor.presses("Begin");
      await visitor.presses("Honest Wallet");
      await visitor.reads("Choose the network of the poll in the wallet");
      assert.ok(wallet.asked.includes("wallet_switchEthereumChain"));
      assert.ok(!wallet.asked.includes("wallet_addEthereumChain"));
      assert.doesNotMatch(JSON.stringify(wallet.told), /http|127\.0\.0\.1|their/);
    }));

  test("sign for a node alone, and somebody carries the ballot", () =>
    visit(async (visitor) => {
      const voter = town.voter(1);
      await visitor.opens(`#${town.poll("trees").link}&at=${town.told.node}`);
      await visitor.begins(voter);
      await visitor.answers(LIME);
      const tracker = await visitor.encrypts();
      await visitor.casts();
      await visitor.reads("Your ballot is signed, and nobody carries it yet");
      const saved = visitor.page.waitForEvent("download");
      await visitor.presses("Save the signed ballot");
      const body = readFileSync(await (await saved).path());
      await visitor.page.reload();
      await visitor.reads("Your ballot is signed, and nobody carries it yet");
      await fetch(`${town.told.relay}/v1/ballots`, { method: "POST", body });
      await visitor.isCounted();
      assert.equal(await town.tracker("trees", voter), tracker);
    }));
});

describe("a relay", () => {
  test("that swallows, boasts, mixes up, refuses or is busy leaves another way", async () => {
    await town.do("trick", { name: "swallow" });
    await visit(async (visitor) => {
      const voter = town.voter(10);
      await visitor.opens(`#${town.poll("trees").link}&at=${town.told.proxy}`);
      await visitor.begins(voter);
      await visitor.answers(OAK);
      const tracker = await visitor.encrypts();
      await visitor.casts();
      await visitor.reads("says that it has your ballot and will cast it");
      await visitor.page.getByText("If it does not arrive").click();
      for (const [name, text] of [
        ["boast", "says that your ballot is on the chain. That is its word: a node must show it."],
        ["mix up", "The relay does not do what it was asked for."],
        ["refuse", "somebody else has signed this"],
        ["busy", "The relay says that it has too much to do now."],
      ] as const) {
        await town.do("trick", { name });
        await visitor.presses("Hand it in again");
        await visitor.page.getByText(text).first().waitFor({ state: "attached" });
        await visitor.sees("Your ballot is on its way");
        assert.equal(await town.tracker("trees", voter), null);
      }
      await visitor.page.getByLabel("Another relay").fill(town.told.relay);
      await visitor.presses("Hand it in there");
      await visitor.isCounted();
      assert.equal(await town.tracker("trees", voter), tracker);
    });
  });

  test("that is gone makes room for another, before and after the voter has signed", async () => {
    const { proxy, relay } = town.told;
    await visit(async (visitor) => {
      const { page } = visitor;
      const [voter, { link }] = [town.voter(9), town.poll("more")];
      await town.do("trick", { name: "honest" });
      await visitor.opens(`#${link}&at=${proxy}`);
      await visitor.begins(voter);
      await visitor.answers(OAK);
      await town.do("trick", { name: "vanish" });
      await visitor.presses("Encrypt my ballot");
      await visitor.reads("The node or relay does not answer.");
      await page.getByText("Ask another relay or node").click();
      await page.getByLabel("Relay or node", { exact: true }).fill(relay);
      await visitor.presses("Use these");
      await visitor.sees("Is this your vote?"); // with all answers, and with the new relay
      await visitor.presses("Open my key");
      await visitor.unlocks(voter);
      await visitor.presses("Next");
      await visitor.encrypts();
      await visitor.casts();
      await visitor.isCounted();
    });
    await visit(async (visitor) => {
      const { page } = visitor;
      const [voter, { link }] = [town.voter(10), town.poll("more")];
      await town.do("trick", { name: "honest" });
      await visitor.opens(`#${link}&at=${proxy}`);
      await visitor.begins(voter);
      await visitor.answers(OAK);
      const tracker = await visitor.encrypts();
      await town.do("trick", { name: "only read" });
      await visitor.casts();
      await visitor.reads("No relay answers there. Check your connection and the address");
      await town.do("trick", { name: "vanish" });
      await visitor.reads("The node or relay does not answer.");
      await visitor.reads("it counts once, however many carry it"); // all of it is open already
      const saved = page.waitForEvent("download");
      await visitor.presses("Save the signed ballot");
      const ballot = JSON.parse(readFileSync(await (await saved).path(), "utf8"));
      assert.equal(ballot.voter, voter.address);
      await page.getByLabel("Another relay").fill(relay);
      await visitor.presses("Hand it in there");
      await visitor.isCounted();
      assert.equal(await town.tracker("more", voter), tracker);
    });
    await town.do("trick", { name: "honest" });
  });
});

describe("a page", { concurrency: 4 }, () => {
  test("refuses a link with a wrong hash, and a link that is broken", () =>
    visit(async (visitor) => {
      const { fragment, hash } = town.poll("trees");
      await visitor.opens(fragment.replace(hash, `0x${"11".repeat(32)}`));
      await visitor.sees("Do not vote here");
      assert.equal(await visitor.page.getByRole("button", { name: "Begin" }).count(), 0);
      await visitor.opens("#veche:0x11");
      await visitor.sees("This link is broken");
      await visitor.opens(fragment.replace("@31337", "@1"));
      await visitor.reads("belongs to another network");
      await visitor.opens(`#at=${town.told.enrolment.replace("oak", "elm")}`);
      await visitor.reads("there is no such enrolment");
      await visitor.opens("#at=javascript:alert(1)&code=2345");
      await visitor.sees("This link is broken");
    }));

  test("refuses a node that lies, whatever it lies about", async () => {
    for (const name of ["another key", "another content", "other code", "other deals"]) {
      await town.do("lie", { name });
      await visit(async (visitor) => {
        const { link } = town.poll("trees");
        await visitor.opens(`#${link}&at=${town.told.liar}`);
        await visitor.sees("Do not vote here");
        assert.equal(await visitor.page.getByRole("button", { name: "Begin" }).count(), 0);
      });
    }
    await town.do("lie");
  });

  test("goes on while a key file asks for much work, and refuses one that asks for more", () =>
    visit(async (visitor) => {
      const { page } = visitor;
      await visitor.opens(town.poll("more").fragment);
      await visitor.presses("Begin");
      for (const params of [
        { n: 2 ** 31, r: 8, p: 1 },
        { n: 2, r: 2 ** 20, p: 2 ** 20 },
        { n: 1e300, r: 8, p: 1 },
      ]) {
        await visitor.unlocks({ keystore: demanding(params) }, "a password");
        await visitor.reads("This file is no key file that can be opened here.");
        await page.reload();
      }
      await visitor.unlocks({ keystore: demanding({ n: 2 ** 18, r: 8, p: 16 }) }, "a password");
      await page.getByRole("progressbar").waitFor();
      await page.getByLabel("Language").selectOption("de");
      await page.locator("html[lang=de]").waitFor();
      assert.equal(await page.getByRole("progressbar").count(), 1); // it is far from its end
    }));

  test("says who may not vote, and who has typed a wrong password", () =>
    visit(async (visitor) => {
      await visitor.opens(town.poll("more").fragment);
      await visitor.presses("Begin");
      await visitor.unlocks(town.voter(0), "wrong");
      await visitor.reads("The password does not open this key file.");
      await visitor.unlocks({ keystore: "{}" }, "wrong");
      await visitor.reads("This file is no key file");
      await visitor.unlocks(town.told.stranger, town.told.password);
      await visitor.reads("This key is not on the electoral roll of the poll");
    }));

  test("works from a file", () =>
    visit(async (visitor) => {
      await visitor.page.goto(`file://${resolve(PAGE)}${town.poll("trees").fragment}`);
      await visitor.begins(town.voter(3));
      await visitor.answers(LIME);
      await visitor.encrypts();
      await visitor.casts();
      await visitor.isCounted();
    }));

  test("works where the browser keeps nothing and copies nothing", () =>
    visit(async (visitor) => {
      await visitor.context.addInitScript(() => {
        const denied = (): never => {
          throw new DOMException("denied", "SecurityError");
        };
        Object.defineProperty(globalThis, "localStorage", { get: denied });
        Object.defineProperty(globalThis, "sessionStorage", { get: denied });
        Object.defineProperty(navigator, "clipboard", { value: undefined });
      });
      await visitor.opens(town.poll("more").fragment);
      await visitor.reads("This browser keeps nothing for this page.");
      await visitor.begins(town.voter(4));
      await visitor.answers(OAK);
      await visitor.encrypts();
      await visitor.page.getByRole("button", { name: /^Copy/ }).click();
      await visitor.reads("This browser does not allow copying.");
      await visitor.casts();
      await visitor.isCounted();
    }));

  test("opens no key where anybody could have changed it on the way", () =>
    visit(async (visitor) => {
      visitor.expects(site.replace("127.0.0.1", PLAIN));
      const { fragment } = town.poll("trees");
      await visitor.page.goto(site.replace("127.0.0.1", PLAIN) + fragment);
      await visitor.presses("Begin");
      await visitor.unlocksAny(town.voter(0), town.told.password);
      await visitor.reads("This browser encrypts only on pages that nobody can change on the way.");
    }));

  test("shows what cannot be voted in", () =>
    visit(async (visitor) => {
      for (const [name, text] of [
        ["scheduled", "This poll is not open yet."],
        ["cancelled", "The officials have cancelled this poll."],
        ["tallied", "This poll is closed."],
      ] as const) {
        await visitor.opens(town.poll(name).fragment);
        await visitor.reads(text);
        assert.equal(await visitor.page.getByRole("button", { name: "Begin" }).count(), 0);
      }
    }));
});
