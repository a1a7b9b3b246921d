/** Style of the HTML report: one column, both colour schemes by the reader's preference, a print view. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --bg: #f6f7f9; --card: #ffffff; --ink: #1a1f27; --dim: #5b6675; --line: #dfe3e8; --code: #eef1f4; --link: #0a58ca;
  --fail: #b3261e; --fail-bg: #fdecea; --pass: #146c3a; --pass-bg: #e6f4ea; --warn: #8a5a00; --warn-bg: #fff4dc;
  --open: #6a3fb5; --open-bg: #f1ebfb; --known: #1b5e86; --known-bg: #e5f1f8; --skip: #5b6675; --skip-bg: #eceff2;
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #11151a; --card: #191f26; --ink: #e6eaef; --dim: #9aa6b4; --line: #2c343e; --code: #232b34; --link: #7db4ff;
    --fail: #ff9d94; --fail-bg: #3a1917; --pass: #7fd79c; --pass-bg: #14301f; --warn: #f2c464; --warn-bg: #35290f;
    --open: #c7a9ff; --open-bg: #2a2040; --known: #8cc8ec; --known-bg: #14293a; --skip: #9aa6b4; --skip-bg: #232b34;
  }
}
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
.filter input { flex: 1 1 18rem; min-width: 0; font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: .4rem .7rem; }
.filter output { color: var(--dim); font-size: 13px; min-width: 7rem; }
.cases tr { content-visibility: auto; contain-intrinsic-size: auto 2.4rem; }
.cases tr:target { outline: 2px solid var(--link); outline-offset: -2px; }
.cases td:first-child { width: 9rem; }
.cases td:last-child { width: 12rem; white-space: nowrap; }
.cases summary { cursor: pointer; overflow-wrap: anywhere; }
.cases dl { margin: .6rem 0 .4rem; }
details.fold > summary { cursor: pointer; font-size: 1.1rem; font-weight: 600; margin: 2.25rem 0 .75rem; }
footer { color: var(--dim); font-size: 13px; padding: 2rem 0 3rem; }
[hidden] { display: none !important; }
@media (max-width: 40rem) {
  .cases thead { display: none; }
  .cases, .cases tbody, .cases tr, .cases td { display: block; }
  .cases tr { border-bottom: 1px solid var(--line); padding: .5rem .2rem; }
  .cases td, .cases td:first-child, .cases td:last-child { width: auto; border: 0; padding: .1rem .8rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: .5rem; }
}
@media print {
  nav, .filter, button { display: none !important; }
  body { background: none; }
}
`;
