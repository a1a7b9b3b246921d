/** The data of structured fields (RFC9651#3). Maps keep their order, and a key cannot reach an object's prototype. */

/** One value without parameters (RFC9651#3.3). */
export type BareItem =
  /** An integer of at most fifteen digits. */
  | { readonly kind: 'integer'; readonly value: number }
  /** Twelve digits before the point, three behind it. `1.0` is a decimal, `1` is none. */
  | { readonly kind: 'decimal'; readonly value: number }
  /** Printable ASCII. */
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'token'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'boolean'; readonly value: boolean }
  /** Seconds since 1970-01-01T00:00:00Z, an integer. */
  | { readonly kind: 'date'; readonly value: number }
  /** Text of any script, for people to read. */
  | { readonly kind: 'display'; readonly value: string };

export type Parameters = ReadonlyMap<string, BareItem>;

export interface Item {
  readonly bare: BareItem;
  readonly parameters: Parameters;
}

export interface InnerList {
  readonly items: readonly Item[];
  readonly parameters: Parameters;
}

export type Member = Item | InnerList;

export type List = readonly Member[];

export type Dictionary = ReadonlyMap<string, Member>;

export const NO_PARAMETERS: Parameters = new Map<string, BareItem>();

export const TRUE: BareItem = Object.freeze({ kind: 'boolean', value: true });
export const FALSE: BareItem = Object.freeze({ kind: 'boolean', value: false });

export function isInnerList(member: Member): member is InnerList {
  return 'items' in member;
}
