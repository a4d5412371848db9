/** The vectors of tests/vectors, through this implementation. They run in Node and in a browser. */

import { type Bytes, bytesOf, bytesOfNumber, hex, joined, numberOf, utf8 } from "../src/bytes";
import * as ballotProof from "../src/crypto/ballot_proof";
import { dealFromOutside, verifyDeal } from "../src/crypto/deal_proof";
import { encrypt } from "../src/crypto/elgamal";
import * as equalityProof from "../src/crypto/equality_proof";
import { combine, modN, N, P, Point, Secret, scalarFromOutside, timesG } from "../src/crypto/group";
import { keccak } from "../src/crypto/keccak";
import { Questions } from "../src/crypto/questions";
import { H } from "../src/crypto/second_generator";
import * as sharing from "../src/crypto/sharing";
import * as transcript from "../src/crypto/transcript";
import * as bindings from "../src/enrolment/binding";
import { Code } from "../src/enrolment/codes";
import {
  InvalidCode,
  InvalidContent,
  InvalidDocument,
  InvalidRoll,
  known,
  Refused,
} from "../src/errors";
import { RecordEvidence } from "../src/observer/record_evidence";
import { verify } from "../src/observer/verification";
import { checked } from "../src/protocol/addresses";
import * as boardTexts from "../src/protocol/board_texts";
import * as content from "../src/protocol/content";
import { type Json, type JsonObject, parse } from "../src/protocol/json";
import { climb } from "../src/protocol/merkle_tree";
import { Form } from "../src/protocol/plain";
import { leaf, Roll } from "../src/protocol/roll";
import { rollProofIn } from "../src/protocol/roll_proof";
import * as signatures from "../src/protocol/signature";
import { CLONE_HEAD, CLONE_TAIL, published } from "../src/trust/artifact";
import { create2 } from "../src/trust/provenance";
import { Report } from "../src/trust/report";
import * as others from "./others";

/** A test: its name, and what it does; it throws if it fails. */
export type Test = readonly [name: string, run: () => void | Promise<void>];

export class Wrong extends Error {}

function same(actual: unknown, expected: unknown): void {
  const text = (value: unknown): string =>
    JSON.stringify(value, (_, each) =>
      typeof each === "bigint" ? `0x${each.toString(16)}` : each,
    );
  if (text(actual) !== text(expected)) throw new Wrong(`${text(actual)} is not ${text(expected)}`);
}

function throws(kind: abstract new (...args: never[]) => Error, run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (error instanceof kind) return;
    throw error;
  }
  throw new Wrong(`no ${kind.name} was thrown`);
}

// -- Values of vectors --

/** A field of a vector, read as what it should be. */
class Field {
  readonly #value: Json | undefined;

  constructor(value: Json | undefined) {
    this.#value = value;
  }

  get isNull(): boolean {
    return this.#value === null || this.#value === undefined;
  }

  get raw(): Json {
    return this.#value as Json;
  }

  at(name: string | number): Field {
    if (typeof name === "number") return new Field((this.#value as Json[])[name]);
    return new Field((this.#value as JsonObject).get(name));
  }

  get items(): Field[] {
    return (this.#value as Json[]).map((each) => new Field(each));
  }

  get names(): string[] {
    return [...(this.#value as JsonObject).keys()];
  }

  get text(): string {
    return this.#value as string;
  }

  get number(): bigint {
    return typeof this.#value === "string" ? BigInt(this.#value) : (this.#value as bigint);
  }

  get count(): number {
    return Number(this.number);
  }

  get numbers(): bigint[] {
    return this.items.map((each) => each.number);
  }

  get data(): Bytes {
    return bytesOf(this.text.slice(2)) as Bytes;
  }

  get pair(): [bigint, bigint] {
    return this.numbers as [bigint, bigint];
  }

  /** A point that the statement takes from elsewhere, infinity included. */
  get point(): Point {
    return Point.fromWords(...this.pair);
  }

  get points(): Point[] {
    return this.items.map((each) => each.point);
  }

  get ciphertexts(): [Point, Point][] {
    return this.items.map(({ numbers }) => [
      Point.fromWords(numbers[0] as bigint, numbers[1] as bigint),
      Point.fromWords(numbers[2] as bigint, numbers[3] as bigint),
    ]);
  }
}

type Judge = (input: Field) => void;

const named = (entry: Field, run: () => void): Test => [entry.at("name").text, run];

/** A test for every case, whose verdict must have the same name and values. */
const cases =
  (judge: Judge) =>
  (file: Field): Test[] =>
    file.items.map((entry) =>
      named(entry, () => {
        const refusal = entry.at("refusal").raw;
        const values = refusal === null ? [] : entry.at("values").numbers;
        same(verdict(judge, entry.at("input")), [refusal ?? "", values]);
      }),
    );

function verdict(judge: Judge, input: Field): [string, bigint[]] {
  try {
    judge(input);
    return ["", []];
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return [error.name, error.values.map(BigInt)];
  }
}

// -- Cases --

const questionsOf = (input: Field): Questions =>
  Questions.of(input.at("questions").items.map((each) => each.numbers));

function judgeBallot(input: Field): void {
  const questions = questionsOf(input);
  const raw = input.at("ballot");
  const words = [
    ...raw.at("ciphertexts").items.flatMap((each) => each.numbers),
    raw.at("challenge").number,
    ...raw.at("responses").numbers,
    raw.at("blinding").number,
    ...raw.at("coefficients").items.flatMap((each) => each.numbers),
  ];
  const ballot = ballotProof.fromWords(words, questions);
  const tracker = transcript.tracker({
    pollHash: input.at("pollHash").data,
    voter: input.at("voter").number,
    weight: input.at("weight").number,
    replaces: input.at("replaces").data,
    ciphertexts: ballot.ciphertexts.map((each) => each.pair),
  });
  ballotProof.verify(ballot, { questions, key: input.at("key").point, tracker });
}

function judgeDeal(input: Field): void {
  const raw = input.at("deal");
  const deal = dealFromOutside({
    commitments: raw.at("commitments").items.map((each) => each.pair),
    ephemeral: raw.at("ephemeral").pair,
    sealed: raw.at("sealed").items.map((each) => each.data),
    challenge: raw.at("challenge").number,
    secretResponse: raw.at("secretResponse").number,
    ephemeralResponse: raw.at("ephemeralResponse").number,
  });
  verifyDeal(deal, {
    boardHash: input.at("boardHash").data,
    dealer: input.at("dealer").count,
    threshold: input.at("threshold").count,
    trustees: input.at("trustees").count,
  });
}

const proofOf = (raw: Field): equalityProof.EqualityProof =>
  equalityProof.proofFromOutside(raw.at("challenge").number, raw.at("response").number);

function judgeBlame(input: Field): void {
  const statement = {
    boardHash: input.at("boardHash").data,
    dealer: input.at("dealer").count,
    recipient: input.at("recipient").count,
    sealingKey: input.at("sealingKey").point,
    ephemeral: input.at("ephemeral").point,
    shared: Point.fromOutside(...input.at("shared").pair),
  };
  others.verifyBlame(statement, proofOf(input.at("proof")));
}

function judgeShare(input: Field): void {
  const statement = {
    pollHash: input.at("pollHash").data,
    trustee: input.at("trustee").count,
    verificationKey: input.at("verificationKey").point,
    sums: input.at("sums").points,
    points: others.pointsFromOutside(input.at("points").items.map((each) => each.pair)),
  };
  equalityProof.verifyShare(statement, proofOf(input.at("proof")));
}

// -- Hashes --

const dealOf = (f: Field): transcript.DealContext => ({
  boardHash: f.at("context").data,
  dealer: f.at("dealer").count,
  commitments: f.at("commitments").points,
  ephemeral: f.at("ephemeral").point,
  sealed: f.at("sealed").items.map((each) => each.data),
});

const HASHES: Record<string, (f: Field) => bigint | Bytes> = {
  statementHash: (f) => transcript.statementHash(...f.at("parts").items.map((each) => each.data)),
  boardHash: (f) =>
    transcript.boardHash({
      chainId: f.at("chainId").number,
      board: f.at("board").number,
      threshold: f.at("threshold").number,
      minVoters: f.at("minVoters").number,
      dealBy: f.at("dealBy").number,
      confirmBy: f.at("confirmBy").number,
      contentHash: f.at("contentHash").data,
      trustees: f.at("trustees").items.map(({ numbers: [account, x, y] }) => {
        return [account as bigint, Point.fromWords(x as bigint, y as bigint)] as const;
      }),
    }),
  dealChallenge: (f) =>
    transcript.dealChallenge(dealOf(f), [f.at("first").number, f.at("second").number]),
  dealsHash: (f) =>
    transcript.dealsHash(f.at("previous").data, f.at("dealer").number, f.at("challenge").number),
  sealPad: (f) =>
    others.sealPad(
      f.at("context").data,
      f.at("dealer").count,
      f.at("recipient").count,
      f.at("shared").point,
    ),
  blameChallenge: (f) => {
    const points = ["sealingKey", "ephemeral", "shared"].map((each) => f.at(each).point);
    const place = [f.at("context").data, f.at("dealer").number, f.at("recipient").number];
    const [first, second] = [f.at("first").number, f.at("second").point];
    return others.blameChallenge([...place, ...points], first, second);
  },
  pollHash: (f) =>
    transcript.pollHash({
      chainId: f.at("chainId").number,
      poll: f.at("poll").number,
      board: f.at("board").number,
      boardHash: f.at("boardHash").data,
      key: f.at("key").point,
      rollRoot: f.at("rollRoot").data,
      totalWeight: f.at("totalWeight").number,
      opens: f.at("opens").number,
      closes: f.at("closes").number,
      minVoters: f.at("minVoters").number,
      contentHash: f.at("contentHash").data,
      questions: f.at("questions").items.map((each) => each.numbers.map(Number)),
    }),
  tracker: (f) =>
    transcript.tracker({
      pollHash: f.at("context").data,
      voter: f.at("voter").number,
      weight: f.at("weight").number,
      replaces: f.at("replaces").data,
      ciphertexts: f.at("ciphertexts").ciphertexts,
    }),
  statementFactor: (f) => transcript.statementFactor(f.at("tracker").data),
  ballotChallenge: (f) => {
    const commitments = f.at("commitments").items.map(({ numbers: [address, x, y] }) => {
      return [address as bigint, Point.fromWords(x as bigint, y as bigint)] as const;
    });
    const coefficients = f.at("coefficients").points;
    return transcript.ballotChallenge(f.at("tracker").data, commitments, coefficients);
  },
  sumsHash: (f) => others.sumsHash(f.at("context").data, f.at("sums").ciphertexts),
  shareChallenge: (f) => {
    const lists = [transcript.list(f.at("sums").points), transcript.list(f.at("points").points)];
    const place = [f.at("context").data, f.at("trustee").number, f.at("verificationKey").point];
    const [first, others] = [f.at("first").number, f.at("others").points];
    return transcript.shareChallenge([...place, ...lists], first, others);
  },
  nonceHash: (f) => {
    const secret = new Secret(f.at("secret").number);
    return transcript.nonceHash(f.at("entropy").data, secret, f.at("statement").data);
  },
  randomnessHash: (f) =>
    transcript.randomnessHash(
      f.at("entropy").data,
      f.at("place").data,
      f.at("scores").numbers.map(Number),
      f.at("choice").count,
    ),
};

function hashes(file: Field): Test[] {
  const tags = file
    .at("tags")
    .names.map(
      (use): Test => [
        `tag ${use}`,
        () => same(hex(transcript.tag(use)), file.at("tags").at(use).text),
      ],
    );
  const found = file.at("hashes").items.map((entry) =>
    named(entry, () => {
      const words = entry.at("words").items.map((each) => each.data);
      same(hex(words[0] as Bytes), hex(transcript.tag(entry.at("use").text)));
      const made = HASHES[entry.at("name").text]?.(entry.at("input")) as bigint | Bytes;
      const hashed = numberOf(keccak(joined(words)));
      same(typeof made === "bigint" ? modN(hashed) : hashed, entry.at("result").number);
      same(typeof made === "bigint" ? made : numberOf(made), entry.at("result").number);
    }),
  );
  return [...tags, ...found];
}

// -- Points and sharing --

function points(file: Field): Test[] {
  const coordinates = ({ x, y }: Point): bigint[] => [x, y];
  return [
    [
      "n, p and the second generator",
      () => {
        same([N, P], [file.at("n").number, file.at("p").number]);
        same(coordinates(H), file.at("second generator").numbers);
      },
    ],
    ...file
      .at("multiples")
      .items.map(
        (entry): Test => [
          `multiple ${entry.at("scalar").text}`,
          () => same(coordinates(timesG(entry.at("scalar").number)), entry.at("point").numbers),
        ],
      ),
    ...file.at("sums").items.map((entry) =>
      named(entry, () => {
        const sum = entry.at("left").point.plus(entry.at("right").point);
        same(coordinates(sum), entry.at("sum").numbers);
      }),
    ),
    ...file.at("addresses of u·G + w·P").items.map(
      (entry, at): Test => [
        `u·G + w·P, ${at}`,
        () => {
          const [u, w] = [entry.at("u").number, entry.at("w").number];
          const made = combine(u, w, entry.at("point").point);
          same(coordinates(made), entry.at("product").numbers);
          same(made.address, entry.at("address").number);
        },
      ],
    ),
    ...cases((input) => void Point.fromOutside(...input.at("point").pair))(file.at("cases")),
  ];
}

function sharings(board: Field): Test[] {
  const secrets = board.at("sealingSecrets").numbers;
  const deals = board.at("dealers").items;
  const commitments = deals.map((each) => each.at("deal").at("commitments").points);
  const unseal = (dealer: number, recipient: number, secret: bigint): Secret => {
    const deal = (deals[dealer - 1] as Field).at("deal");
    const shared = deal.at("ephemeral").point.times(secret);
    const pad = others.sealPad(board.at("boardHash").data, dealer, recipient, shared);
    const sealed = deal.at("sealed").at(recipient - 1).data;
    return others.unseal(sealed, pad, commitments[dealer - 1] as Point[], recipient);
  };
  return [
    [
      "shares open to what was dealt, and for nobody else",
      () => {
        for (const [dealer, entry] of deals.entries()) {
          for (const [at, secret] of secrets.entries()) {
            same(unseal(dealer + 1, at + 1, secret).reveal(), entry.at("shares").at(at).number);
            throws(Refused, () => unseal(dealer + 1, at + 1, secrets[(at + 1) % 3] as bigint));
          }
        }
      },
    ],
    [
      "keys of the board",
      () => {
        const key = sharing.encryptionKey(commitments);
        same(key.equals(board.at("encryptionKey").point), true);
        for (const [at, shown] of board.at("verificationKeys").points.entries()) {
          same(sharing.verificationKey(commitments, at + 1).equals(shown), true);
          const shares = deals.map((each) => new Secret(each.at("shares").at(at).number));
          const x = others.secretShare(shares);
          same(
            [x.reveal(), timesG(x).equals(shown)],
            [board.at("secretShares").at(at).number, true],
          );
        }
      },
    ],
    ...board.at("seals").items.map((entry) => named(entry, () => judgeSeal(board, entry))),
    ...board
      .at("quorums")
      .items.map(
        (entry): Test => [
          `quorum of ${entry.at("trustees").numbers.join(" and ")}`,
          () => decrypts(board, entry),
        ],
      ),
  ];
}

function judgeSeal(board: Field, entry: Field): void {
  const [dealer, recipient] = [entry.at("dealer").count, entry.at("recipient").count];
  const shared = entry.at("shared").point;
  const pad = others.sealPad(board.at("boardHash").data, dealer, recipient, shared);
  const open = () =>
    others.unseal(entry.at("sealed").data, pad, entry.at("commitments").points, recipient);
  if (entry.at("share").isNull) throws(others.InvalidShare, open);
  else same(open().reveal(), entry.at("share").number);
}

function decrypts(board: Field, entry: Field): void {
  const sample = board.at("ciphertext");
  const [ax, ay, bx, by] = sample.at("words").numbers as [bigint, bigint, bigint, bigint];
  const score = sample.at("score").count;
  const key = board.at("encryptionKey").point;
  const made = encrypt(key, score, new Secret(sample.at("randomness").number));
  const b = Point.fromWords(bx, by);
  same([made.a.equals(Point.fromWords(ax, ay)), made.b.equals(b)], [true, true]);
  const trustees = entry.at("trustees").numbers.map(Number);
  const weights = sharing.lagrange(trustees);
  same(
    trustees.map((each) => weights.get(each)),
    entry.at("lagrange").numbers,
  );
  const shown = entry.at("points").points;
  const parts = new Map(trustees.map((each, at) => [each, [shown[at] as Point]]));
  const combined = sharing.combine(parts)[0] as Point;
  same(combined.equals(entry.at("combined").point), true);
  same(b.equals(combined.plus(timesG(BigInt(score)))), true);
}

// -- Texts, rolls, signatures, code --

const shows =
  (check: (content: string) => unknown) =>
  (entry: Field): Test =>
    named(entry, () => {
      if (entry.at("shown").raw) check(entry.at("content").text);
      else throws(InvalidContent, () => check(entry.at("content").text));
    });

function rolls(file: Field): Test[] {
  return file.items.map((entry) =>
    named(entry, () => {
      const entries = entry.at("roll").items.map((each) => {
        return [each.at(0).text, each.at(1).number] as const;
      });
      if (entry.at("root").isNull) {
        throws(InvalidRoll, () => new Roll(entries));
        return;
      }
      const roll = new Roll(entries);
      same(
        [hex(roll.root), roll.totalWeight],
        [entry.at("root").text, entry.at("totalWeight").number],
      );
      for (const entry of entries) {
        same(hex(climb(leaf(entry), others.pathOf(roll, entry[0]))), hex(roll.root));
      }
    }),
  );
}

function rollProofCases(file: Field): Test[] {
  return file.items.map((entry) =>
    named(entry, () => {
      same(
        refusalOf(() => judgeRollProof(entry)),
        entry.at("refusal").raw,
      );
    }),
  );
}

/** What a voter's device does with a document. */
function judgeRollProof(entry: Field): void {
  const poll = {
    chainId: entry.at("chainId").number,
    address: entry.at("poll").text,
    rollRoot: entry.at("rollRoot").data,
  };
  rollProofIn(entry.at("document").text, poll, entry.at("voter").text);
}

/** The name of the error that an input is refused with; null if it is accepted. */
function refusalOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return known(error).name;
  }
}

function signed(file: Field): Test[] {
  return file.items.map(
    (entry): Test => [
      entry.at("type").text,
      () => {
        const domain = { chainId: entry.at("chainId").number, contract: entry.at("contract").text };
        const digest = digestOf(entry.at("type").text, domain, entry.at("message"));
        same(hex(digest), entry.at("digest").text);
        for (const each of [entry, ...entry.at("bent").items]) {
          same(signatures.signer(digest, each.at("signature").data), each.at("signer").text);
        }
      },
    ],
  );
}

function digestOf(type: string, domain: signatures.Domain, m: Field): Bytes {
  if (type === "Ballot") {
    return signatures.ballotDigest(domain, {
      voter: m.at("voter").text,
      tracker: m.at("tracker").data,
      replaces: m.at("replaces").data,
      deadline: m.at("deadline").number,
    });
  }
  const board = m.at("boardHash").data;
  if (type === "Deal") {
    return signatures.dealDigest(domain, board, m.at("dealer").number, m.at("challenge").number);
  }
  return signatures.confirmationDigest(
    domain,
    board,
    m.at("trustee").number,
    m.at("dealsHash").data,
  );
}

// -- Enrolment --

function enrolment(file: Field): Test[] {
  return [
    ...file
      .at("codes")
      .items.map((entry, at): Test => [`typed text ${at}`, () => judgeTyped(entry)]),
    ...file.at("keys").items.map((entry, at): Test => [`key ${at}`, () => judgeKey(entry)]),
    ...file.at("bindings").items.map((entry) => named(entry, () => judgeBinding(entry))),
    ...file
      .at("lists")
      .items.map((entry) =>
        named(entry, () =>
          same(others.official(formOf(entry.at("list"))), entry.at("official").text),
        ),
      ),
  ];
}

const keyOf = (code: Code): bigint => code.key("enrolment").reveal();

function judgeTyped(entry: Field): void {
  try {
    const typed = Code.parse(entry.at("typed").text);
    same(keyOf(typed), keyOf(Code.parse(entry.at("code").text)));
  } catch (error) {
    if (!(error instanceof InvalidCode)) throw error;
    same([null, error.message], [entry.at("code").raw, entry.at("reason").text]);
  }
}

function judgeKey(entry: Field): void {
  const key = Code.parse(entry.at("code").text).key(entry.at("enrolment").text);
  same(
    [hex(bytesOfNumber(key.reveal())), signatures.accountOf(key)],
    [entry.at("key").text, entry.at("address").text],
  );
}

function judgeBinding(entry: Field): void {
  const binding = bindings.bindingFromPlain(formOf(entry.at("binding")));
  same(hex(bindings.bindingDigest(binding)), entry.at("digest").text);
  same(
    refusalOf(() => bindings.requireBound(binding)),
    entry.at("refusal").raw,
  );
}

const formOf = (object: Field): Form => new Form(object.raw, "vector");

// -- Deployments --

function addresses(file: Field): Test[] {
  return file.items.map(
    (entry, at): Test => [
      `address ${at}`,
      () => {
        const deployer = checked(entry.at("deployer").text) as string;
        const made = create2(deployer, entry.at("salt").data, keccak(entry.at("creation").data));
        same(made, entry.at("address").text);
      },
    ],
  );
}

function publishedCode(file: Field): Test[] {
  const contracts = file.at("contracts").items.map((entry) =>
    named(entry, () => {
      const own = published(entry.at("name").text as Parameters<typeof published>[0]);
      same(own.creationHash, entry.at("creationHash").text);
      same(
        [own.codeLength, own.codeHash],
        [entry.at("codeLength").count, entry.at("codeHash").text],
      );
      const places = entry.at("immutables");
      same(Object.keys(own.immutables).sort(), places.names.sort());
      for (const [name, found] of Object.entries(own.immutables)) {
        same(
          found,
          places.at(name).items.map((each) => each.numbers.map(Number)),
        );
      }
    }),
  );
  const clone: Test = [
    "clone",
    () => {
      const parts = ["before the address", "behind the address"];
      same(
        [CLONE_HEAD, CLONE_TAIL],
        parts.map((each) => file.at("clone").at(each).text),
      );
    },
  ];
  return [...contracts, clone];
}

// -- Records --

/** Packs lines into the file of a record; it needs a compressor, which Node and browsers have. */
export async function packed(lines: readonly string[], behind: Bytes): Promise<Blob> {
  const body = utf8(lines.map((each) => `${each}\n`).join(""));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", body));
  const text = joined([body, utf8(`{"sha256": "${hex(hash).slice(2)}"}\n`)]);
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  const file = new Uint8Array(await new Response(stream).arrayBuffer());
  file.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
  return new Blob([file, behind]);
}

function edited(lines: readonly string[], edits: readonly Field[]): string[] {
  const changed = lines.map((line) => [line]);
  for (const edit of edits) {
    const place = changed[edit.at("line").count - 1] as string[];
    const last = place.at(-1) as string;
    if (!edit.at("before").isNull) place.unshift(edit.at("before").text);
    else if (!edit.at("from").isNull) {
      place[place.length - 1] = last.replace(edit.at("from").text, () => edit.at("to").text);
    } else place.splice(-1, 1, ...(edit.at("text").isNull ? [] : [edit.at("text").text]));
  }
  return changed.flat();
}

/** Pass, fail, pending or malformed. */
export async function verdictOn(file: Blob): Promise<string> {
  try {
    return (await verify(await RecordEvidence.open(file), new Report())).report.verdict;
  } catch (error) {
    if (error instanceof InvalidDocument) return "malformed";
    throw error;
  }
}

function records(file: Field): Test[] {
  const lines = file.at("lines").items.map((each) => each.text);
  return file.at("records").items.map(
    (entry): Test => [
      entry.at("name").text,
      async () => {
        const behind = entry.at("behind").isNull ? new Uint8Array(0) : entry.at("behind").data;
        const made = await packed(edited(lines, entry.at("edits").items), behind);
        same(await verdictOn(made), entry.at("verdict").text);
      },
    ],
  );
}

// -- All files --

const FILES: Record<string, (file: Field) => Test[]> = {
  addresses,
  ballots: cases(judgeBallot),
  blames: cases(judgeBlame),
  deals: cases(judgeDeal),
  enrolment,
  hashes,
  points,
  poll_texts: (file) => {
    const questions = questionsOf(file);
    return file.at("cases").items.map(shows((text) => content.decode(text, questions)));
  },
  published_code: publishedCode,
  questions: cases((input) => void questionsOf(input)),
  records,
  roll_proofs: rollProofCases,
  rolls,
  scalars: cases((input) => void scalarFromOutside(input.at("scalar").number)),
  shares: cases(judgeShare),
  sharing: sharings,
  signatures: signed,
  texts: (file) => file.items.map(shows((text) => boardTexts.decode(text, 3))),
};

/** The names of the files that are read, without their ending. */
export const NAMES = Object.keys(FILES).sort();

/** The tests of a file. */
export function testsOf(name: string, text: string): Test[] {
  const found = FILES[name];
  if (!found) throw new Wrong(`tests/vectors/${name}.json is read by no test`);
  return found(new Field(parse(text)));
}
