/** The part of `hpack.js` that the differential oracle uses; the package has no types of its own. */
declare module 'hpack.js' {
  interface DecodedField {
    readonly name: string;
    readonly value: string;
    readonly neverIndex: boolean;
  }

  interface Decompressor {
    write(octets: Uint8Array): boolean;
    /** Decodes what was written. @throws what a block breaks, of whatever class */
    execute(): void;
    read(): DecodedField | null;
  }

  const hpack: {
    readonly decompressor: { create(options: { readonly table: { readonly maxSize: number } }): Decompressor };
  };
  export default hpack;
}
