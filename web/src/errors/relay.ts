/** Errors between a relay and those who ask it. */

import { VecheError } from "./root";

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

/**
 * A relay says that something is wrong (RFC 9457), in its own words. Its name is that of the error that the relay
 * tells of: no verdict, as nothing that a relay says is believed.
 */
export class RelayRefusal extends RelayError {
  override readonly name: string;
  /** The relay that says it. */
  readonly relay: string;

  /** `name` is that of an error, as docs/errors.md lists it. */
  constructor(relay: string, name: string, detail: string, after: number) {
    super(`${relay} says: ${detail}`, after);
    this.name = name;
    this.relay = relay;
  }
}
