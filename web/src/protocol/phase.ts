/** Where a poll stands, in the order of the numbers that contracts give (PROTOCOL §3, §4). */
export const PHASES = ["scheduled", "open", "closed", "tallied", "void", "cancelled"] as const;

export type Phase = (typeof PHASES)[number];
