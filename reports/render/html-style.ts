/** Style of the HTML report: both colour schemes (the reader's preference, or what is chosen), narrow screens, a print view. */
const DARK = `
    color-scheme: dark;
    --bg: #11151a; --card: #191f26; --ink: #e6eaef; --dim: #9aa6b4; --line: #2c343e; --code: #232b34; --link: #7db4ff; --mark: #6b5300;
    --fail: #ff9d94; --fail-bg: #3a1917; --pass: #7fd79c; --pass-bg: #14301f; --warn: #f2c464; --warn-bg: #35290f;
    --open: #c7a9ff; --open-bg: #2a2040; --known: #8cc8ec; --known-bg: #14293a; --skip: #9aa6b4; --skip-bg: #232b34;
`;

export const STYLE = `
:root {
  color-scheme: light dark;
  --bg: #f6f7f9; --card: #ffffff; --ink: #1a1f27; --dim: #5b6675; --line: #dfe3e8; --code: #eef1f4; --link: #0a58ca; --mark: #ffd84d;
  --fail: #b3261e; --fail-bg: #fdecea; --pass: #146c3a; --pass-bg: #e6f4ea; --warn: #8a5a00; --warn-bg: #fff4dc;
  --open: #6a3fb5; --open-bg: #f1ebfb; --known: #1b5e86; --known-bg: #e5f1f8; --skip: #5b6675; --skip-bg: #eceff2;
}
@media screen and (prefers-color-scheme: dark) { :root:not([data-theme="light"]) {${DARK}} }
@media screen { :root[data-theme="dark"] {${DARK}} :root[data-theme="light"] { color-scheme: light; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 3.5rem; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main, .banner > div, nav > div { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
a { color: var(--link); }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; font-weight: 600; }
code, pre, .mono { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { background: var(--code); border-radius: 4px; padding: .1em .35em; overflow-wrap: anywhere; }
pre { background: var(--code); border-radius: 6px; margin: 0; padding: .5rem .75rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.dim { color: var(--dim); }
.wrap { overflow-wrap: anywhere; }
.banner { padding: 1.75rem 0 1.5rem; border-bottom: 1px solid var(--line); border-top: 6px solid var(--tone); background: var(--tone-bg); }
.banner h1 { color: var(--tone); }
.banner p { margin: .35rem 0 0; }
.t-fail { --tone: var(--fail); --tone-bg: var(--fail-bg); }
.t-pass { --tone: var(--pass); --tone-bg: var(--pass-bg); }
.t-warn { --tone: var(--warn); --tone-bg: var(--warn-bg); }
.t-open { --tone: var(--open); --tone-bg: var(--open-bg); }
.t-known { --tone: var(--known); --tone-bg: var(--known-bg); }
.t-skip { --tone: var(--skip); --tone-bg: var(--skip-bg); }
nav { position: sticky; top: 0; z-index: 1; background: var(--card); border-bottom: 1px solid var(--line); }
nav > div { display: flex; gap: 1.25rem; overflow-x: auto; padding-top: .6rem; padding-bottom: .6rem; white-space: nowrap; }
nav a { text-decoration: none; color: var(--ink); }
nav a:hover { text-decoration: underline; }
nav a[aria-current="page"] { font-weight: 600; color: var(--link); box-shadow: 0 .6rem 0 -.45rem var(--link); }
.tag { display: inline-block; white-space: nowrap; border-radius: 99px; padding: .05rem .6rem; font-size: 13px; font-weight: 600; color: var(--tone); background: var(--tone-bg); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 8px; padding: .6rem .9rem; }
.tiles b { display: block; font-size: 1.5rem; line-height: 1.2; color: var(--tone); font-variant-numeric: tabular-nums; }
.card { background: var(--card); border: 1px solid var(--line); border-left: 4px solid var(--tone); border-radius: 8px; padding: .9rem 1.1rem; margin: 0 0 .75rem; }
.card header { display: flex; flex-wrap: wrap; gap: .4rem .75rem; align-items: baseline; margin-bottom: .35rem; }
.card p { margin: 0 0 .6rem; }
dl { display: grid; grid-template-columns: 5.5rem minmax(0, 1fr); gap: .3rem .75rem; margin: 0; }
dt { color: var(--dim); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.copyable { display: flex; gap: .5rem; align-items: start; }
.copyable pre { flex: 1; min-width: 0; }
button { font: inherit; font-size: 13px; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .3rem .7rem; cursor: pointer; }
button:hover, button[aria-pressed="true"] { border-color: var(--link); color: var(--link); }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
.panel { background: var(--card); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; }
th, td { text-align: left; vertical-align: top; padding: .45rem .8rem; border-bottom: 1px solid var(--line); }
tr:last-child td { border-bottom: 0; }
th { font-size: 13px; font-weight: 600; color: var(--dim); }
.num { text-align: right; font-variant-numeric: tabular-nums; }
.bar { display: block; width: 100%; min-width: 6rem; height: .6rem; border-radius: 3px; margin-top: .45rem; }
.bar rect { fill: var(--tone); }
.filter { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin-bottom: .75rem; }
.filter input { flex: 1 1 18rem; min-width: 0; font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .4rem .7rem; text-overflow: ellipsis; }
.filter output { color: var(--dim); font-size: 13px; min-width: 7rem; }
.chips, .views { display: flex; flex-wrap: wrap; gap: .4rem; margin: 0; }
.filter .chips { flex-basis: 100%; }
.views { margin: 1.25rem 0 .9rem; }
button[aria-pressed="true"] { font-weight: 600; box-shadow: inset 0 -2px 0 var(--link); }
.chip { text-decoration: none; color: var(--ink); border: 1px solid var(--line); border-radius: 99px; padding: .1rem .6rem .1rem .1rem; }
.vlist { position: relative; height: max(18rem, calc(100vh - 14rem)); overflow: auto; contain: strict; }
.vlist:focus-visible { outline-offset: -2px; }
.spacer { position: relative; }
.row { position: absolute; left: 0; right: 0; height: 48px; display: grid; grid-template-columns: 15rem minmax(0, 1fr) 9rem; gap: .75rem; align-items: center; padding: 0 .8rem; border-bottom: 1px solid var(--line); cursor: pointer; overflow: hidden; }
.row:hover { background: var(--code); }
.row[aria-selected="true"] { box-shadow: inset 4px 0 0 var(--link); background: var(--code); }
.row .what, .row .clause { display: flex; flex-direction: column; min-width: 0; line-height: 1.3; }
.row .status { white-space: nowrap; overflow: hidden; }
.clause .dim { font-size: 12px; }
.cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.grid { overflow-x: auto; }
.grid .wide { min-width: min-content; }
.grid .row, .grid .head { display: flex; gap: .25rem; }
.grid .head { padding: .5rem .8rem; border-bottom: 1px solid var(--line); font-size: 13px; font-weight: 600; color: var(--dim); }
.grid .what { flex: 1 1 16rem; min-width: 12rem; }
.grid .cell { flex: 0 0 5rem; text-align: center; overflow: hidden; text-overflow: ellipsis; }
.mark { min-width: 2.4rem; color: var(--tone); background: var(--tone-bg); border-color: transparent; font-weight: 700; }
.areas td { min-width: 6.5rem; }
.areas td:first-child, .areas th:first-child { position: sticky; left: 0; background: var(--card); }
#drawer { position: fixed; z-index: 3; inset: 0 0 0 auto; width: min(46rem, 100vw); overflow-y: auto; overscroll-behavior: contain; background: var(--card); border-left: 1px solid var(--line); box-shadow: -8px 0 24px #0003; padding: 0 1.25rem 3rem; outline: 0; }
#drawer .bar-of { position: sticky; top: 0; display: flex; gap: .5rem; background: var(--card); padding: .8rem 0; z-index: 1; }
#drawer h2 { margin: .6rem 0 0; }
#drawer h3 { margin: 1.25rem 0 .4rem; }
#drawer .views { margin: .5rem 0; }
.talk .part { border-left: 3px solid var(--line); padding-left: .75rem; margin: .75rem 0; }
.talk .part.sent { border-color: var(--known); }
.talk .part.received { border-color: var(--open); }
.talk h3 { margin-top: .5rem !important; }
.fields { font-size: 12px; line-height: 1.45; margin-top: .15rem; }
#drawer .talk table { font-size: 13px; }
#drawer .talk th, #drawer .talk td { padding: .3rem .5rem; }
.flags { font-size: 11px; }
.octets { max-height: 26rem; overflow: auto; }
.octets.hex { white-space: pre; overflow-wrap: normal; font-size: 12px; }
.ctl { color: var(--known); font-size: 10px; border: 1px solid; border-radius: 3px; padding: 0 .2em; margin-left: 1px; vertical-align: 1px; }
.ctl.odd { color: var(--fail); font-weight: 700; background: var(--fail-bg); border-width: 2px; }
mark { background: var(--mark); color: inherit; outline: 2px solid var(--warn); font-weight: 700; }
#view > h3 { margin: 1.75rem 0 .5rem; }
#view > .copyable { margin-top: .75rem; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: 1rem; margin: .5rem 0 1.25rem; }
.plot { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .6rem .8rem; }
.plot svg, .ratios { display: block; width: 100%; height: auto; max-width: 36rem; }
svg text { font: 11px system-ui, sans-serif; fill: var(--dim); }
.rule { stroke: var(--line); }
.line { fill: none; stroke: var(--link); stroke-width: 1.8; }
.dot { fill: var(--link); opacity: .65; }
.one { stroke: var(--dim); stroke-dasharray: 2 3; }
.limit { stroke: var(--fail); stroke-width: 1.5; stroke-dasharray: 6 3; }
.interval { stroke: var(--ink); stroke-width: 2; }
.median { fill: var(--ink); }
details.fold > summary { cursor: pointer; font-size: 1.1rem; font-weight: 600; margin: 2.25rem 0 .75rem; }
.tools { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .8rem; }
dialog { color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 10px; max-width: 26rem; }
dialog::backdrop { background: #0007; }
dialog h2 { margin-top: 0; }
dialog form { margin-top: 1rem; }
kbd { font: 13px ui-monospace, monospace; border: 1px solid var(--line); border-bottom-width: 2px; border-radius: 4px; padding: 0 .35em; }
.offscreen { position: fixed; left: -999rem; }
footer { color: var(--dim); font-size: 13px; padding: 2rem 0 3rem; }
@media screen { [hidden] { display: none !important; } }
@media (max-width: 40rem) {
  .row { height: 76px; grid-template-columns: minmax(0, 1fr) auto; grid-template-rows: auto auto; gap: .15rem .5rem; align-content: center; }
  .row .what { grid-column: 1 / -1; grid-row: 2; }
  .row .clause { align-items: end; }
  .row .clause .dim { display: none; }
  .grid .what { flex-basis: 9rem; min-width: 9rem; }
  .grid .cell { flex-basis: 3.2rem; font-size: 12px; }
  .copyable { flex-wrap: wrap; }
  .copyable pre { flex-basis: 100%; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .5rem; }
  main, .banner > div, nav > div, #drawer { padding-left: .8rem; padding-right: .8rem; }
}
@media print {
  nav, button, #view, #drawer, dialog, .tools { display: none !important; }
  [data-part="verdict"] { display: block !important; }
  [data-part="run"][hidden] { display: none; }
  body, .banner { background: none; }
  .card { break-inside: avoid; }
}
`;
