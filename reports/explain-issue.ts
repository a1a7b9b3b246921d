import type { z } from 'zod';

/**
 * Says in a few words what a schema found wrong with an object of somebody else's: the first issue, the field it is
 * about, and what is known to be allowed. At most 300 characters, whatever the input was.
 */
export function explainIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'it does not match the schema';
  const field = issue.path.map(String).join('.');
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys.map((key) => `"${key}"`).join(', ') : undefined;
  const text =
    unknown === undefined
      ? `${field === '' ? '' : `field "${field}": `}${issue.message}`
      : `unknown field ${unknown}${field === '' ? '' : ` in "${field}"`}`;
  return text.length <= 300 ? text : `${text.slice(0, 299)}…`;
}
