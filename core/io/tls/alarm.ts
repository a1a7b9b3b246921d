/** Something about certificates that someone should see to. */
export interface TlsAlarm {
  readonly code: 'must_staple' | 'staple' | 'crl_expiring' | 'crl_expired' | 'crl_reload';
  /** A sentence, with the names of the policy in it. */
  readonly message: string;
}

export type AlarmSink = (alarm: TlsAlarm) => void;
