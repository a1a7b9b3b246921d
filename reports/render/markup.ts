import { visible } from '../visible.ts';

/** Text that is markup already. Only `markup` makes it, so that nothing of a peer can become one by accident. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, markup is kept, lists are joined, `undefined` and `false` vanish. */
export type Value = string | number | Markup | false | undefined | readonly Value[];

/** Template tag for HTML and XML: escapes every value that is not markup. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Markup {
  return new Markup(strings.map((string, index) => string + write(values[index])).join(''));
}

/**
 * Escapes any text for element content and quoted attributes of HTML and of XML 1.0: first made visible (XML cannot
 * hold most control characters at all), then the five characters that mean something.
 */
export function escapeMarkup(text: string, limit?: number): string {
  return visible(text, limit).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Text that must not be cut, such as a command. */
export const uncut = (text: string): Markup => new Markup(escapeMarkup(text, Number.MAX_SAFE_INTEGER));

function write(value: Value): string {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (typeof value === 'string') return escapeMarkup(value);
  if (typeof value === 'number') return String(value);
  return value.map(write).join('');
}
