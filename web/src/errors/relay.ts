/** Errors between a relay and those who ask it. */

import { type Value, VecheError } from "./root";

/** A relay does not do what it was asked for. `after`: seconds after which to try again; 0 for never. */
export class RelayError extends VecheError {
  override readonly name: string = "RelayError";
  readonly after: number;
  constructor(reason: string, after = 0) {
    super(reason);
    this.after = after;
  }
}

/** No relay answers at a URL, or what answers is no relay. */
export class RelayUnreachable extends RelayError {
  override readonly name = "RelayUnreachable";
}

/** What a relay says against a request, in a problem document (RFC 9457). It may be a lie. */
interface Problem {
  /** The name of the error, as docs/errors.md lists it. */
  readonly name: string;
  readonly values: readonly Value[];
  readonly detail: string;
  readonly remedy: string;
  readonly after: number;
}

/**
 * A relay says that something is wrong, in its own words. Its name is that of the error that the relay
 * tells of: no verdict, as nothing that a relay says is believed.
 */
export class RelayRefusal extends RelayError {
  override readonly name: string;
  /** The relay that says it. */
  readonly relay: string;
  readonly values: readonly Value[];
  readonly remedy: string;

  constructor(relay: string, problem: Problem) {
    super(`${relay} says: ${problem.detail}`, problem.after);
    this.name = problem.name;
    this.relay = relay;
    this.values = problem.values;
    this.remedy = problem.remedy;
  }
}
