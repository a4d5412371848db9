/**
 * Texts that look alike to voters and are not the same: Oak, and Оak with a Cyrillic О. Nobody can say
 * which of two such texts is meant, so they are warned of rather than refused.
 */

/** Letters on keyboards, and the Latin letter or sign that each looks like. */
const LOOKS = new Map<string, string>();
for (const [own, like] of [
  ["АВЕЗІЈКМНОРСЅТУҮХԚԜЬ", "ABE3lJKMHOPCSTYYXQWb"],
  ["аеёһіїјорсѕуүхӏԁԛԝ", "aeëhiïjopcsyyxldqw"],
  ["ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβγινορσυχϳ", "ABEZHlKMNOPTYXaßyivopouxj"],
  ["ՏՍՕհոսօցզ", "SUOhnuogq"],
  ["ıɑɡǀ|I10‐‑‒–—−’‘ʼ`", "iagllllO------''''"],
] as const) {
  const likes = [...like];
  for (const [at, each] of [...own].entries()) LOOKS.set(each, likes[at] as string);
}
const ALPHABETS = [
  /\p{Script=Latin}/u,
  /\p{Script=Cyrillic}/u,
  /\p{Script=Greek}/u,
  /\p{Script=Armenian}/u,
];
/** Characters that nobody sees alone. */
const UNSEEN = /\p{Default_Ignorable_Code_Point}|\u2800/gu;
const WORD = /\p{L}+/gu;

/** Why a text can be taken for another. Indices count from 0. */
export type Doubt =
  | { readonly name: "like"; readonly index: number; readonly other: number }
  | { readonly name: "mixed"; readonly index: number };

/** The texts that people can take for others. */
export function doubts(texts: readonly string[]): Doubt[] {
  const first = new Map<string, number>();
  return texts.flatMap((text, index): Doubt[] => {
    const look = skeleton(text);
    const other = first.get(look);
    if (other !== undefined) return [{ name: "like", index, other }];
    first.set(look, index);
    return isMixed(text) ? [{ name: "mixed", index }] : [];
  });
}

const latin = (text: string): string =>
  Array.from(text, (each) => LOOKS.get(each) ?? each).join("");

/** What a text looks like: equal for texts that people cannot tell apart at a glance. */
function skeleton(text: string): string {
  const seen = text.normalize("NFKC").replace(UNSEEN, "");
  return latin(seen).replaceAll("m", "rn").split(/\s+/u).filter(Boolean).join(" ");
}

/** Whether a word has letters of several alphabets, and one that looks like another's. */
function isMixed(text: string): boolean {
  return (text.normalize("NFKC").match(WORD) ?? []).some((word) => {
    const alphabets = ALPHABETS.filter((each) => each.test(word));
    return alphabets.length > 1 && word !== latin(word);
  });
}
