/** MUST cases that the core keeps to and that no mutant fails, each with its reason. Such a case may be one that no server can fail. */
export const UNPROVED: Readonly<Record<string, string>> = {};
