import { isSame } from '../../tls/signed.ts';
import type { AlarmSink } from './alarm.ts';
import { TlsConfigError } from './config-error.ts';
import { nameOf, type OcspPolicy, type TlsPolicy } from './policy.ts';
import { authoritiesOf, isSignedBy, partsOf } from './signatures.ts';
import { Stapler, type StapleSource } from './stapler.ts';

/**
 * What staples for a policy; undefined where it does not say so. @param formers what was stapled before, for whatever certificates
 * @throws TlsConfigError OCSP_ISSUER, OCSP_SOURCE
 */
export function staplerOf(
  policy: Pick<TlsPolicy, 'names' | 'cert' | 'ocsp'>,
  onAlarm: AlarmSink,
  now: () => number,
  formers: readonly Buffer[] = [],
): Stapler | undefined {
  const { ocsp, cert } = policy;
  const [leaf] = partsOf(cert);
  const name = nameOf(policy);
  if (ocsp === undefined || leaf === undefined) {
    if (leaf?.isMustStaple === true) {
      const message = `The certificate of ${name} may be used with a staple only, and \`ocsp\` is not set: clients will refuse it`;
      onAlarm({ code: 'must_staple', message });
    }
    return undefined;
  }
  const subject = `the certificate of ${name}`;
  const candidates = authoritiesOf(ocsp.issuer ?? cert);
  const issuer = candidates.find(
    ({ parts, key }) => isSame(parts.subject, leaf.issuer) && isSignedBy(leaf.signature, key),
  );
  if (issuer === undefined) throw new TlsConfigError('OCSP_ISSUER', subject);
  const source = sourceOf(ocsp, leaf.ocspUrls);
  if (source === undefined) throw new TlsConfigError('OCSP_SOURCE', subject);
  return new Stapler({ name, subject: { leaf, issuer }, source, onAlarm, now }, formers);
}

function sourceOf({ file, responder }: OcspPolicy, urls: readonly string[]): StapleSource | undefined {
  if (file !== undefined) return { kind: 'file', file };
  const url = responder ?? urls.find((one) => /^http:\/\//i.test(one) && URL.canParse(one));
  return url === undefined ? undefined : { kind: 'url', url };
}
