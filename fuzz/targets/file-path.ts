// INVARIANT: the path of a request, however encoded, leads to names below the root or nowhere; no dotfile is found unless they are
// allowed, escapes are read once, and the same names written plainly lead to the same file.
import { defineTarget } from '../define.ts';
import { inputOf } from '../engines/latin1-input.ts';
import { assertConfined } from '../oracles/file-paths.ts';

export const target = defineTarget({
  name: 'file-path',
  subject: ['core/semantics/file-path'],
  dictionary: String.raw`
"/"
"//"
"/."
"/.."
"/../"
"%2e"
"%2E%2e"
"%2f"
"%5c"
"%00"
"%25"
"%252e"
"%c0%af"
"%zz"
"\\"
"\x00"
".hidden"
"..."
"index.html"
`,
  grammar: 'bytes',
  maxLength: 1_024,
  fuzz(octets) {
    const path = inputOf(octets);
    for (const dotfiles of ['ignore', 'allow'] as const) {
      assertConfined(path, dotfiles);
      assertConfined(`/${path}`, dotfiles);
    }
  },
});
