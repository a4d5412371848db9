/**
 * The service of an enrolment, as voters see it (docs/enrolment.md §5). Nothing that it says is
 * believed: every binding that it shows is checked.
 */

import { Relay } from "../chain/relay";
import type { Secret } from "../crypto/group";
import { InvalidDocument, known, RelayError, RelayRefusal } from "../errors";
import type { Address } from "../protocol/addresses";
import { isReadable } from "../protocol/characters";
import { write } from "../protocol/json";
import { accountOf, type Signature } from "../protocol/signature";
import {
  type Binding,
  type BindingTerms,
  bind,
  bindingFromPlain,
  bindingTerms,
  bindingToPlain,
  requireBound,
} from "./binding";
import type { Code } from "./codes";
import { enrolmentId } from "./id";

/** What stands between the URL of a relay and the id of an enrolment. */
const PATH = "/v1/enrolments/";
const MOST_TIME = 2n ** 64n - 1n;

/** What a service tells everybody. */
export interface EnrolmentHead {
  readonly title: string;
  readonly isOpen: boolean;
  /** The last second in which people can enrol, since 1970. */
  readonly until: bigint;
  /** How many codes are valid, and how many of them are bound. */
  readonly codes: bigint;
  readonly enrolled: bigint;
}

/** Who enrols: an address that can sign for itself. */
interface Enrolling {
  readonly account: Address;
  signBinding(terms: BindingTerms): Promise<Signature>;
}

export class Service {
  readonly relay: Relay;
  /** The id of the enrolment. */
  readonly enrolment: string;

  /** `at` is the URL of the enrolment, as letters have it. */
  constructor(at: string) {
    const [url, id, ...more] = at.trim().replace(/\/+$/, "").split(PATH);
    if (!url || id === undefined || more.length) {
      throw new InvalidDocument(`the address of an enrolment is https://…${PATH}NAME`);
    }
    this.enrolment = enrolmentId(id);
    this.relay = new Relay(url);
  }

  get #path(): string {
    return PATH + this.enrolment;
  }

  async head(): Promise<EnrolmentHead> {
    const form = await this.relay.ask(this.#path);
    return this.#read(() => {
      const title = form.text("title");
      if (!isReadable(title)) throw this.#nonsense();
      return {
        title,
        isOpen: form.flag("isOpen"),
        until: form.number("until", MOST_TIME),
        codes: form.number("codes"),
        enrolled: form.number("enrolled"),
      };
    });
  }

  /** The binding that counts for a code; null if the service shows none. */
  async newest(code: Secret): Promise<Binding | null> {
    const account = accountOf(code);
    try {
      const form = await this.relay.ask(`${this.#path}/codes/${account}`);
      return this.#read(() => {
        const found = bindingFromPlain(form);
        requireBound(found);
        if (found.enrolment !== this.enrolment || found.code !== account) throw this.#nonsense();
        return found;
      });
    } catch (error) {
      if (error instanceof RelayRefusal && error.name === "UnknownCode") return null;
      throw error;
    }
  }

  /**
   * Binds an address to a code, which is not sent. `replaces` is asked whether to replace the binding
   * of another address; null if it is not to be replaced.
   */
  async enrol(
    code: Code,
    voter: Enrolling,
    replaces: (newest: Binding) => boolean | Promise<boolean>,
  ): Promise<Binding | null> {
    const key = code.key(this.enrolment);
    const newest = await this.newest(key);
    if (newest && newest.voter !== voter.account && !(await replaces(newest))) return null;
    const binding = newest?.voter === voter.account ? newest : await this.#made(key, voter, newest);
    const body = write(bindingToPlain(binding));
    const told = await this.relay.ask(`${this.#path}/bindings`, body);
    this.#read(() => {
      const isOwn = told.address("voter") === binding.voter;
      if (!isOwn || told.number("sequence") !== binding.sequence) throw this.#nonsense();
    });
    return binding;
  }

  async #made(key: Secret, voter: Enrolling, newest: Binding | null): Promise<Binding> {
    const sequence = (newest?.sequence ?? 0n) + 1n;
    const terms = bindingTerms(this.enrolment, key, voter.account, sequence);
    return bind(terms, key, await voter.signBinding(terms));
  }

  /** Reads an answer, which may be anything. */
  #read<T>(reading: () => T): T {
    try {
      return reading();
    } catch (error) {
      if (known(error) instanceof RelayError) throw error;
      throw this.#nonsense();
    }
  }

  #nonsense(): RelayError {
    return new RelayError(`${this.relay.name} shows something that is no enrolment of this code`);
  }
}
