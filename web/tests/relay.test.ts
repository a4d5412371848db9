import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, test } from "node:test";
import { hex } from "../src/bytes";
import { Relay } from "../src/chain/relay";
import { randomSecret } from "../src/crypto/sigma";
import { bindingFromPlain, bindingToPlain } from "../src/enrolment/binding";
import { Code } from "../src/enrolment/codes";
import { Service } from "../src/enrolment/service";
import { RelayError, RelayRefusal, RelayUnreachable } from "../src/errors";
import { signerOf } from "../src/keys/signer";
import { PreparedBallot } from "../src/protocol/ballot";
import { isReadable } from "../src/protocol/characters";
import { fromPlain } from "../src/protocol/definition";
import { write } from "../src/protocol/json";
import { Form } from "../src/protocol/plain";
import { Roll } from "../src/protocol/roll";
import { accountOf } from "../src/protocol/signature";
import { Words } from "../src/ui/words";
import { pathOf, signedBy } from "./others";

const RECORDS = JSON.parse(readFileSync("tests/vectors/records.json", "utf8"));
const poll = fromPlain(Form.parse(RECORDS.lines[3], "record").form("definition"));
const key = randomSecret();
const voter = { voter: accountOf(key), weight: 1n, replaces: null };
const prepared = PreparedBallot.encrypt([0, 0, 1, 0, 0], poll, voter);
const signed = signedBy(prepared, key, poll.closes);
const { tracker } = prepared;
const STANDING = {
  tracker: hex(tracker),
  state: "queued",
  accepted: 1,
  transaction: null,
  block: null,
  problem: null,
};
const PROBLEM = {
  type: "/v1/problems/BallotExpired",
  title: "Too late",
  status: 422,
  detail: "it is too late",
  name: "BallotExpired",
  values: [12, 34],
  remedy: "Vote again.",
};

/** A server that answers as it is told. */
let answer: (asked: IncomingMessage, to: ServerResponse) => void = () => undefined;
const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  answer(request, response);
});
let relay: Relay;
before(async () => {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  relay = new Relay(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
after(() => {
  server.closeAllConnections();
  server.close();
});

function tell(fields: unknown, status = 200, headers: Record<string, string> = {}): void {
  const text = typeof fields === "string" ? fields : JSON.stringify(fields);
  answer = (_, to) => to.writeHead(status, headers).end(text);
}

/** What an asker is refused with. */
async function refusal(asking: Promise<unknown>): Promise<RelayError> {
  try {
    await asking;
  } catch (error) {
    assert.ok(error instanceof RelayError, String(error));
    return error;
  }
  assert.fail("nothing was refused");
}

test("a ballot is handed in, and stands where the relay says", async () => {
  tell(STANDING, 202);
  assert.equal((await relay.handIn(signed, tracker)).state, "queued");
  tell({ ...STANDING, state: "confirmed", block: 7 });
  assert.deepEqual(await relay.standing(tracker), { state: "confirmed", block: 7n, problem: null });
  tell({ ...STANDING, state: "refused", problem: PROBLEM });
  assert.equal((await relay.standing(tracker)).problem?.name, "BallotExpired");
  assert.equal(asked.at(-1), `GET /v1/ballots/${hex(tracker)}`);
});

test("a refusal has the name and the words of the relay", async () => {
  tell(PROBLEM, 422);
  const found = await refusal(relay.handIn(signed, tracker));
  assert.ok(found instanceof RelayRefusal);
  assert.deepEqual([found.name, found.after], ["BallotExpired", 0]);
  assert.match(found.message, /^127\.0\.0\.1:\d+ says: it is too late$/);
});

test("a relay that is busy says when to come back, within reason", async () => {
  for (const [said, after] of [
    ["7", 7],
    ["999999999", 3600],
    ["-1", 0],
    ["soon", 0],
  ] as const) {
    tell({ ...PROBLEM, name: "RelayFull" }, 503, {
      "retry-after": said,
      "access-control-expose-headers": "retry-after",
    });
    assert.equal((await refusal(relay.handIn(signed, tracker))).after, after);
  }
  tell("<html>429</html>", 429, { "retry-after": "5" });
  const found = await refusal(relay.standing(tracker));
  assert.deepEqual([found.name, found.after], ["RelayError", 5]);
});

test("an answer about another ballot, or of another form, is none", async () => {
  for (const fields of [
    { ...STANDING, tracker: `0x${"11".repeat(32)}` },
    { ...STANDING, tracker: undefined },
    { ...STANDING, state: "counted" },
    { ...STANDING, block: "7" },
    { ...STANDING, problem: "no" },
    {},
  ]) {
    tell(fields);
    assert.equal((await refusal(relay.handIn(signed, tracker))).name, "RelayError");
    assert.equal((await refusal(relay.standing(tracker))).name, "RelayError");
  }
});

test("what answers and is no relay is told", async () => {
  for (const text of ["", "<html>", "[]", "null", '"x"', "x".repeat(2 << 20)]) {
    tell(text);
    assert.equal((await refusal(relay.handIn(signed, tracker))).name, "RelayUnreachable", text[0]);
    tell(text, 404);
    assert.equal((await refusal(relay.standing(tracker))).name, "RelayUnreachable");
    assert.equal(await relay.isThere(), false);
  }
  answer = (_, to) => to.destroy();
  assert.equal((await refusal(relay.handIn(signed, tracker))).name, "RelayUnreachable");
  answer = (_, to) => {
    to.writeHead(200).write("{".repeat(10));
    to.destroy();
  };
  assert.equal((await refusal(relay.handIn(signed, tracker))).name, "RelayUnreachable");
});

test("a relay that leads elsewhere is not followed, and told", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    asked.length = 0;
    tell(STANDING, status, { location: "/elsewhere" });
    for (const ask of [() => relay.handIn(signed, tracker), () => relay.standing(tracker)]) {
      const found = await refusal(ask());
      assert.equal(found.name, "RelayUnreachable");
      assert.match(found.message, /sends this page to another URL/);
    }
    assert.equal(await relay.isThere(), false);
    assert.ok(asked.length === 3 && !asked.some((each) => each.includes("elsewhere")));
  }
});

test("an answer without an end is cut off", async () => {
  answer = (_, to) => {
    const piece = " ".repeat(1 << 16);
    const go = (): void => {
      while (!to.destroyed && to.write(piece));
      if (!to.destroyed) to.once("drain", go);
    };
    go();
  };
  assert.equal((await refusal(relay.standing(tracker))).name, "RelayUnreachable");
});

test("words of a relay steer no screen, and its names are names", async () => {
  tell({ ...PROBLEM, detail: "ab\u202ecd\n\u001b[2Jline", values: [{}, "\u202e", 1] }, 422);
  const found = await refusal(relay.handIn(signed, tracker));
  assert.ok(isReadable(found.message), found.message);
  for (const name of ["", "toString", "__proto__", "A".repeat(100), "Not A Name", 7]) {
    tell({ ...PROBLEM, name }, 422);
    assert.equal((await refusal(relay.handIn(signed, tracker))).name, "RelayError");
  }
  tell({ ...PROBLEM, detail: "x".repeat(10_000) }, 422);
  assert.ok((await refusal(relay.handIn(signed, tracker))).message.length < 600);
});

test("a relay does not speak with the page's voice", async () => {
  const words = new Words("en");
  for (const name of ["ChecksFailed", "WrongPassword", "WrongTracker", "InvalidCode", "Nonsense"]) {
    tell({ ...PROBLEM, name }, 422);
    const told = words.told(await refusal(relay.handIn(signed, tracker)));
    assert.match(told.text, /^127\.0\.0\.1:\d+ refuses\./);
    assert.match(told.detail, /says: it is too late$/);
  }
  tell({ ...PROBLEM, name: "RelayFull" }, 503);
  const told = words.told(await refusal(relay.handIn(signed, tracker)));
  assert.match(told.text, /^The relay says/);
});

test("a relay's word that a voter is on the roll is believed only with a proof", async () => {
  const others = [1, 2, 3, 4].map(() => [accountOf(randomSecret()), 1n] as const);
  const roll = new Roll([[voter.voter, 3n], ...others]);
  const own = { ...poll, rollRoot: roll.root };
  const path = pathOf(roll, voter.voter).map(hex);
  const proof = {
    chainId: Number(poll.chainId),
    poll: poll.address,
    rollRoot: hex(roll.root),
    voter: voter.voter,
    weight: 3,
    place: 2 ** path.length - 1,
    path,
  };
  tell(proof);
  assert.equal((await relay.rollProof(own, voter.voter))?.weight, 3n);
  for (const lie of [
    { ...proof, weight: 4 },
    { ...proof, weight: 0 },
    { ...proof, weight: -3 },
    { ...proof, path: path.slice(1) },
    { ...proof, path: [] },
    { ...proof, path: Array(1000).fill(path[0]) },
    { ...proof, path: "0x" },
    { ...proof, chainId: 7 },
    { ...proof, poll: others[0]?.[0] },
    { ...proof, voter: others[0]?.[0] },
    { ...proof, rollRoot: hex(poll.rollRoot) },
    { ...proof, note: 1 },
    {},
    "<html>",
    "x".repeat(1 << 20),
  ]) {
    tell(lie);
    assert.equal((await refusal(relay.rollProof(own, voter.voter))).name, "RelayError");
  }
  tell({ ...PROBLEM, name: "NotOnRoll" }, 422);
  assert.equal(await relay.rollProof(own, voter.voter), null);
  tell({ ...PROBLEM, name: "WrongPoll" }, 422);
  assert.equal((await refusal(relay.rollProof(own, voter.voter))).name, "WrongPoll");
});

test("a URL that is none of a relay is refused", () => {
  for (const url of ["", "relay", "javascript:alert(1)", "file:///etc/passwd", "veche:0x"]) {
    assert.throws(() => new Relay(url), RelayUnreachable, url);
  }
  const found = new Relay(" https://user:secret@relay.example.org/town//?a=1#b ");
  assert.equal(found.url, "https://relay.example.org/town");
  assert.equal(found.rpc, "https://relay.example.org/town/v1/rpc");
  assert.equal(found.name, "relay.example.org");
});

// -- Enrolment --

const CODE = Code.parse("2345-6789-ABCD-EFGH-JKMN-P93Z");
const SERVED = (): Service => new Service(`${relay.url}/v1/enrolments/oak/`);
const NOBODY_YET = { ...PROBLEM, name: "UnknownCode", status: 422 };

/** A service that keeps the newest binding, as honest ones do. */
function serve(): { sent: string[]; newest: () => string | null } {
  const sent: string[] = [];
  answer = (request, to) => {
    if (request.method === "GET") {
      const found = sent.at(-1);
      to.writeHead(found ? 200 : 422).end(found ?? JSON.stringify(NOBODY_YET));
      return;
    }
    let body = "";
    request.on("data", (piece) => (body += piece));
    request.on("end", () => to.writeHead(201).end(body));
  };
  return { sent, newest: () => sent.at(-1) ?? null };
}

test("a code binds an address, and the code is not sent", async () => {
  serve();
  asked.length = 0;
  const made = await SERVED().enrol(CODE, signerOf(key), () => assert.fail("nothing is replaced"));
  assert.equal(made?.voter, voter.voter);
  assert.equal(made?.sequence, 1n);
  assert.deepEqual(asked, [
    `GET /v1/enrolments/oak/codes/${made?.code}`,
    "POST /v1/enrolments/oak/bindings",
  ]);
  assert.doesNotMatch(write(bindingToPlain(made as never)), /2345-6789|23456789ABCD/);
});

test("a binding is repeated, replaced if the voter says so, and never forged", async () => {
  const { sent } = serve();
  const service = SERVED();
  const no = () => false;
  const first = await service.enrol(CODE, signerOf(key), no);
  sent.push(write(bindingToPlain(first as never)));
  assert.deepEqual(await service.enrol(CODE, signerOf(key), no), first);
  const other = signerOf(randomSecret());
  assert.equal(await service.enrol(CODE, other, no), null);
  const second = await service.enrol(CODE, other, (newest) => newest.voter === voter.voter);
  assert.equal(second?.sequence, 2n);
  const forged = JSON.parse(sent[0] as string);
  for (const lie of [
    { ...forged, sequence: 99 },
    { ...forged, voter: other.account },
    { ...forged, enrolment: "elm" },
    {},
  ]) {
    sent.push(JSON.stringify(lie));
    assert.equal((await refusal(service.enrol(CODE, other, () => true))).name, "RelayError");
  }
  assert.equal(bindingFromPlain(Form.parse(sent[0] as string, "binding")).sequence, 1n);
});

test("the head of an enrolment is shown only if it can be", async () => {
  const head = { title: "Oak Street", isOpen: true, until: 5, codes: 3, enrolled: 1 };
  tell(head);
  assert.deepEqual(await SERVED().head(), {
    ...head,
    until: 5n,
    codes: 3n,
    enrolled: 1n,
  });
  for (const lie of [{ ...head, title: "a\u202eb" }, { ...head, isOpen: 1 }, {}]) {
    tell(lie);
    assert.equal((await refusal(SERVED().head())).name, "RelayError");
  }
  for (const at of ["", "http://x", "http://x/v1/enrolments/Oak", "http://x/v1/enrolments/"]) {
    assert.throws(() => new Service(at), { name: /InvalidDocument|RelayUnreachable/ });
  }
});
