/** Part of the page's script: plots as inline SVG, each with its numbers in words beside it. */
export const PLOTS = `
const short = (value) => value >= 1e6 ? (value / 1e6).toFixed(1) + ' M' : value >= 1e4 ? (value / 1e3).toFixed(0) + ' k' : value >= 100 ? String(Math.round(value)) : String(Number(value.toFixed(2)));

/** A line over time or runs: points are [x, y], in order. */
function linePlot(title, points, { xName = '', from } = {}) {
  const [width, height, left, bottom] = [420, 150, 48, 22];
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x0, x1] = [Math.min(...xs), Math.max(...xs)];
  const y0 = from === undefined ? Math.min(...ys) : from;
  const y1 = Math.max(...ys, y0 + 1e-9);
  const atX = (x) => left + (x1 === x0 ? 0.5 : (x - x0) / (x1 - x0)) * (width - left - 10);
  const atY = (y) => 10 + (1 - (y1 === y0 ? 0.5 : (y - y0) / (y1 - y0))) * (height - bottom - 14);
  const path = points.map(([x, y], index) => (index === 0 ? 'M' : 'L') + atX(x).toFixed(1) + ' ' + atY(y).toFixed(1)).join('');
  const words = title + ': ' + short(ys[0]) + ' at first, ' + short(ys[ys.length - 1]) + ' at last, most ' + short(Math.max(...ys));
  return el('figure', { class: 'plot' }, el('figcaption', {}, el('b', {}, title), el('span', { class: 'dim' }, ' ' + short(ys[ys.length - 1]))),
    svg('svg', { viewBox: '0 0 ' + width + ' ' + height, role: 'img', 'aria-label': words },
      [0, 0.5, 1].map((share) => {
        const y = y0 + (y1 - y0) * share;
        return [svg('line', { class: 'rule', x1: left, x2: width - 10, y1: atY(y), y2: atY(y) }),
          svg('text', { x: left - 6, y: atY(y) + 4, 'text-anchor': 'end' }, short(y))];
      }),
      svg('path', { class: 'line', d: path }),
      points.length <= 60 && points.map(([x, y]) => svg('circle', { class: 'dot', cx: atX(x), cy: atY(y), r: 2.5 })),
      svg('text', { x: left, y: height - 4 }, xName === '' ? '' : short(x0) + ' ' + xName),
      svg('text', { x: width - 10, y: height - 4, 'text-anchor': 'end' }, xName === '' ? '' : short(x1) + ' ' + xName)));
}

/** Ratios of a measurement: each pair a dot, the median and its interval, the line below which it is slower. */
function ratioPlot(bench) {
  const [width, height, left] = [420, 74, 10];
  const all = [...bench.ratios, bench.low, bench.high, 1, ...(bench.bar === undefined ? [] : [bench.bar])];
  const pad = (Math.max(...all) - Math.min(...all)) * 0.08 || 0.05;
  const [from, to] = [Math.min(...all) - pad, Math.max(...all) + pad];
  const at = (ratio) => left + ((ratio - from) / (to - from)) * (width - 2 * left);
  const upright = (ratio, name, text, y) => [svg('line', { class: name, x1: at(ratio), x2: at(ratio), y1: 8, y2: 52 }),
    svg('text', { x: at(ratio), y, 'text-anchor': at(ratio) > width - 70 ? 'end' : at(ratio) < 70 ? 'start' : 'middle' }, text)];
  const words = bench.median.toFixed(3) + ', 95 % between ' + bench.low.toFixed(3) + ' and ' + bench.high.toFixed(3);
  return svg('svg', { class: 'ratios', viewBox: '0 0 ' + width + ' ' + height, role: 'img', 'aria-label': words },
    upright(1, 'one', '1', 68), bench.bar !== undefined && upright(bench.bar, 'limit', 'line ' + bench.bar.toFixed(2), 68),
    bench.ratios.map((ratio, index) => svg('circle', { class: 'dot', cx: at(ratio), cy: 14 + (index % 3) * 5, r: 2.2 })),
    svg('line', { class: 'interval', x1: at(bench.low), x2: at(bench.high), y1: 42, y2: 42 }),
    svg('line', { class: 'interval', x1: at(bench.low), x2: at(bench.low), y1: 37, y2: 47 }),
    svg('line', { class: 'interval', x1: at(bench.high), x2: at(bench.high), y1: 37, y2: 47 }),
    svg('rect', { class: 'median', x: at(bench.median) - 4, y: 38, width: 8, height: 8 }));
}
`;
