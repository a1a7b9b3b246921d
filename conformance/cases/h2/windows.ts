import { type Due, data, type H2Observation, type H2Phase, h2Server, shows } from '../../h2/define.ts';

/** No DATA beyond the windows, and whole responses once they are open. */
export function within(...streams: readonly number[]): (seen: H2Observation) => string | undefined {
  return ({ problems, streams: all }) => {
    const excess = problems.find((text) => text.includes('RFC9113#6.9.1'));
    if (excess !== undefined) return excess;
    const cut = streams.find((stream) => all.get(stream)?.response?.complete !== true);
    return cut === undefined ? undefined : `stream ${cut} has no whole response`;
  };
}

/**
 * The canned server of these phases passes; one that sends an octet more at the phase `full`, where a window is used up, does not, and
 * neither does one that never sends its last content.
 */
export function keeps(phases: readonly H2Phase[], full: number, streams: readonly number[] = [1]): Due {
  const last = phases.findLastIndex((phase) =>
    phase.some((step) => step.kind === 'octets' && step.says.startsWith('DATA')),
  );
  const put = (at: number, change: (phase: H2Phase) => H2Phase) =>
    phases.map((phase, index) => (index === at ? change(phase) : phase));
  const more = data('x', { stream: streams[0] ?? 1, end: false });
  return shows(
    'keeps to the windows, and sends all once they are open',
    within(...streams),
    h2Server('keeps to them', phases),
    [
      h2Server(
        'sends an octet more',
        put(full, (phase) => [...phase, more]),
      ),
      h2Server(
        'never sends the rest',
        put(last, () => []),
      ),
    ],
  );
}
