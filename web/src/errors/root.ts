/** The roots of all errors. Names, values and reasons are those of docs/errors.md. */

/** A number, or an address or a hash as text. */
type Value = bigint | number | string;

/** Something went wrong in Veche. All errors of Veche are of this class. */
export abstract class VecheError extends Error {
  abstract override readonly name: string;
}

/** The protocol does not accept an input. */
export abstract class Refused extends VecheError {
  /** The offending values, in the order of the contracts' custom error. */
  readonly values: readonly Value[];

  constructor(values: readonly Value[], reason: string, field = "") {
    super(field ? `${field}: ${reason}` : reason);
    this.values = values;
  }
}

/** What was caught, if it is an error of Veche; anything else is thrown on. */
export function known(error: unknown): VecheError {
  if (error instanceof VecheError) return error;
  throw error;
}

/** The name and the message of whatever was thrown. */
export function said(error: unknown): { name: string; message: string } {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { name, message };
}

/** A count with its noun: "1 voter", "2,000 voters". */
export const counted = (count: number | bigint, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${Number(count) === 1 ? "" : "s"}`;

/** Seconds since 1970 as a date in UTC. */
export function timeText(seconds: bigint | number): string {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999)
    return `${seconds} s since 1970`;
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

export const hexNumber = (value: bigint): string => `0x${value.toString(16)}`;
