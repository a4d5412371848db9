/** The lines of an election record, written and read (docs/record.md). */

import { type Bytes, hex, joined } from "../bytes";
import { Ciphertext } from "../crypto/elgamal";
import { INFINITY, type Point } from "../crypto/group";
import { MAX_CHOICES, type Questions } from "../crypto/questions";
import { MAX_TRUSTEES } from "../crypto/sharing";
import { InvalidDocument } from "../errors";
import type { BlockMark } from "../protocol/block_mark";
import { defineBoard } from "../protocol/board";
import type { SignedConfirmation, SignedDeal } from "../protocol/ceremony";
import { fromPlain, type PollDefinition, toPlain } from "../protocol/definition";
import { type Writable, write } from "../protocol/json";
import { COMPRESSED, WORD } from "../protocol/logged_ballot";
import { Form, point, word } from "../protocol/plain";
import type { Entry } from "../protocol/roll";
import type { Ceremony } from "../trust/ceremony";
import type { Origin, Provenance, SharedCode } from "../trust/provenance";
import type { Cast, PollState, PostedShare } from "./evidence";

const FORMAT = "veche election record";
const VERSION = 2n;
/** How a line of the electoral roll begins. */
export const ROLL = '{"roll":';
/** Maximum entries of the electoral roll in a line. */
export const ROLL_LINE = 1000;
/** Maximum number and time of a block, and maximum deadline. */
const MAX_64 = 2n ** 64n - 1n;

/** How a line is read, and how what was read in it is written. */
export interface Line<T> {
  readonly read: (line: Form) => T;
  readonly write: (value: T) => string;
}

const inLine = (name: string, value: Writable): string => write({ [name]: value });

// -- Points --

const writePoint = (value: Point): string => (value.isInfinity ? "" : point(value));

const readPoint = (text: string): Point =>
  text ? new Form(new Map([["point", text]]), "point").point("point") : INFINITY;

// -- Header --

const writeBlock = ({ number, hash, time }: BlockMark): Writable => ({
  number,
  hash: hex(hash),
  time,
});

const readBlock = (form: Form): BlockMark => ({
  number: form.number("number", MAX_64),
  hash: form.data("hash", 32),
  time: form.number("time", MAX_64),
});

export const header: Line<BlockMark> = {
  read: (line) => {
    if (line.text("format") !== FORMAT) {
      throw new InvalidDocument("this is not an election record");
    }
    const version = line.number("version");
    if (version !== VERSION) {
      const said = `this record has version ${version}, and this program reads version ${VERSION}`;
      throw new InvalidDocument(`${said}: check it with the release of Veche that wrote it`);
    }
    return readBlock(line.form("block"));
  },
  write: (mark) => write({ format: FORMAT, version: VERSION, block: writeBlock(mark) }),
};

// -- Provenance --

const writeCode = ({ address, code }: SharedCode): Writable => ({ address, code: hex(code) });

const readCode = (form: Form): SharedCode => ({
  address: form.address("address"),
  code: form.blob("code"),
});

const writeOrigin = ({ address, code, isOfficial }: Origin): Writable => ({
  address,
  code: hex(code),
  isOfficial,
});

const readOrigin = (form: Form): Origin => ({
  ...readCode(form),
  isOfficial: form.flag("isOfficial"),
});

const firstAccounts = (form: Form): string[] | null =>
  form.isNull("firstAccounts") ? null : [...new Set(form.addresses("firstAccounts"))].sort();

export const provenance: Line<Provenance> = {
  read: (line) => {
    const form = line.form("provenance");
    const root = form.form("catalogue");
    return {
      root: {
        ...readCode(root),
        deployer: root.address("deployer"),
        salt: root.data("salt", 32),
        firstOwner: root.address("firstOwner"),
        polls: readCode(form.form("pollCode")),
        tally: readCode(form.form("tallyCode")),
        boards: readCode(form.form("boardCode")),
        firstAccounts: firstAccounts(form),
      },
      board: readOrigin(form.form("board")),
      poll: readOrigin(form.form("poll")),
    };
  },
  write: ({ root, board, poll }) =>
    inLine("provenance", {
      catalogue: {
        address: root.address,
        code: hex(root.code),
        deployer: root.deployer,
        salt: hex(root.salt),
        firstOwner: root.firstOwner,
      },
      firstAccounts: root.firstAccounts,
      pollCode: writeCode(root.polls),
      tallyCode: writeCode(root.tally),
      boardCode: writeCode(root.boards),
      board: writeOrigin(board),
      poll: writeOrigin(poll),
    }),
};

// -- Ceremony --

const writeDeal = ({ dealer, deal, signature }: SignedDeal): Writable => ({
  dealer,
  commitments: deal.commitments.map(point),
  ephemeralKey: point(deal.ephemeral),
  sealedShares: deal.sealed.map(hex),
  challenge: word(deal.challenge),
  secretResponse: word(deal.secretResponse),
  ephemeralResponse: word(deal.ephemeralResponse),
  signature: hex(signature),
});

const readDeal = (form: Form): SignedDeal => ({
  deal: {
    commitments: form.points("commitments", MAX_TRUSTEES),
    ephemeral: form.point("ephemeralKey"),
    sealed: form.dataList("sealedShares", 32, MAX_TRUSTEES),
    challenge: form.scalar("challenge"),
    secretResponse: form.scalar("secretResponse"),
    ephemeralResponse: form.scalar("ephemeralResponse"),
  },
  dealer: form.number("dealer"),
  signature: form.data("signature", 64),
});

const writeConfirmation = (of: SignedConfirmation): Writable => ({
  trustee: of.trustee,
  dealsHash: hex(of.dealsHash),
  signature: hex(of.signature),
});

const readConfirmation = (form: Form): SignedConfirmation => ({
  trustee: form.number("trustee"),
  dealsHash: form.data("dealsHash", 32),
  signature: form.data("signature", 64),
});

export const ceremony: Line<Ceremony> = {
  read: (line) => {
    const form = line.form("ceremony");
    const terms = {
      trustees: form.forms("trustees", MAX_TRUSTEES).map((each) => ({
        account: each.address("account"),
        sealingKey: each.point("sealingKey"),
      })),
      threshold: form.number("threshold"),
      minVoters: form.number("minVoters"),
      dealBy: form.number("dealBy"),
      confirmBy: form.number("confirmBy"),
      content: form.text("content"),
    };
    return {
      definition: defineBoard(form.number("chainId"), form.address("address"), terms),
      boardHash: form.data("boardHash", 32),
      dealsHash: form.data("dealsHash", 32),
      deals: form.forms("deals", MAX_TRUSTEES).map(readDeal),
      confirmations: form.forms("confirmations", MAX_TRUSTEES).map(readConfirmation),
      key: readPoint(form.text("key")),
      verificationKeys: form.texts("verificationKeys", MAX_TRUSTEES).map(readPoint),
    };
  },
  write: (of) => {
    const { chainId, address, terms } = of.definition;
    return inLine("ceremony", {
      chainId,
      address,
      threshold: terms.threshold,
      minVoters: terms.minVoters,
      dealBy: terms.dealBy,
      confirmBy: terms.confirmBy,
      trustees: terms.trustees.map(({ account, sealingKey }) => ({
        account,
        sealingKey: point(sealingKey),
      })),
      content: terms.content,
      boardHash: hex(of.boardHash),
      dealsHash: hex(of.dealsHash),
      deals: of.deals.map(writeDeal),
      confirmations: of.confirmations.map(writeConfirmation),
      key: writePoint(of.key),
      verificationKeys: of.verificationKeys.map(writePoint),
    });
  },
};

// -- Definition and state --

/** A value with the poll hash that stands beside it. */
export type WithHash<T> = readonly [value: T, pollHash: Bytes];

export const definition: Line<WithHash<PollDefinition>> = {
  read: (line) => {
    const form = line.form("definition");
    return [fromPlain(form), form.data("pollHash", 32)];
  },
  write: ([poll, hash]) => inLine("definition", toPlain(poll, hash)),
};

export const state: Line<WithHash<PollState>> = {
  read: (line) => {
    const form = line.form("state");
    const found = {
      sums: form
        .textPairs("sums", MAX_CHOICES)
        .map(([a, b]) => new Ciphertext(readPoint(a), readPoint(b))),
      voters: form.number("voters"),
      weight: form.number("weight"),
      isCancelled: form.flag("cancelled"),
      result: form.numbers("result", MAX_CHOICES),
    };
    return [found, form.data("pollHash", 32)];
  },
  write: ([of, hash]) =>
    inLine("state", {
      pollHash: hex(hash),
      voters: of.voters,
      weight: of.weight,
      sums: of.sums.map((each) => each.pair.map(writePoint)),
      cancelled: of.isCancelled,
      result: of.result,
    }),
};

// -- Shares --

export const shares: Line<readonly PostedShare[]> = {
  read: (line) =>
    line.forms("shares", MAX_TRUSTEES).map((form) => ({
      trustee: form.number("trustee"),
      points: form.texts("points", MAX_CHOICES).map(readPoint),
      proof: { challenge: form.scalar("challenge"), response: form.scalar("response") },
    })),
  write: (posted) =>
    inLine(
      "shares",
      posted.map(({ trustee, points, proof }) => ({
        trustee,
        points: points.map(writePoint),
        challenge: word(proof.challenge),
        response: word(proof.response),
      })),
    ),
};

// -- Roll and ballots --

export const roll: Line<readonly Entry[]> = {
  read: (line) => line.entries("roll", ROLL_LINE),
  write: (entries) => inLine("roll", entries),
};

/** The line of a ballot of a poll with these questions. Its points and scalars are not read. */
export const ballot = (questions: Questions): Line<Cast> => ({
  read: (line) => readBallot(line.form("ballot"), questions),
  write: ({ logged, block }) =>
    inLine("ballot", {
      voter: logged.voter,
      tracker: hex(logged.tracker),
      weight: logged.weight,
      replaces: logged.replaces ? hex(logged.replaces) : "",
      deadline: logged.deadline,
      signature: hex(logged.signature),
      block: writeBlock(block),
      ...(logged.isCompressed ? inParts(logged.words, questions) : { words: hex(logged.words) }),
    }),
});

function inParts(words: Bytes, questions: Questions): { points: string; scalars: string } {
  const end = COMPRESSED * questions.points;
  const [points, scalars] = [words.subarray(0, end) as Bytes, words.subarray(end) as Bytes];
  return { points: hex(points).slice(2), scalars: hex(scalars).slice(2) };
}

function readBallot(form: Form, questions: Questions): Cast {
  const isCompressed = !form.has("words");
  const logged = {
    voter: form.address("voter"),
    tracker: form.data("tracker", 32),
    weight: form.number("weight"),
    replaces: form.text("replaces") ? form.data("replaces", 32) : null,
    deadline: form.number("deadline", MAX_64),
    signature: form.data("signature", 64),
    words: isCompressed
      ? joined([
          form.digits("points", COMPRESSED * questions.points),
          form.digits("scalars", WORD * questions.scalars),
        ])
      : form.blob("words"),
    isCompressed,
  };
  if (!isCompressed && logged.words.length % WORD) {
    throw new InvalidDocument("ballot: words do not have 32 bytes each");
  }
  return { logged, block: readBlock(form.form("block")) };
}
