/** Everything that the page needs to look as it does: it asks for nothing from anywhere. */
export const style = `
:root{color-scheme:light dark;--ink:#1b2330;--soft:#566173;--line:#d5dae2;--page:#fff;--box:#f5f7fa;--good:#116b3c;--bad:#b3261e;--warn:#8a5a00;
--work:#2f6fb3;--own:#a9b7c9;--people:#c98a10;--people-ground:#fbeccb;--clock:#6b7686;--clock-ground:#e7ebf0;--failed:#b3261e;--failed-ground:#f9d7d4;--undo:#7a4fa3}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e4e9f0;--soft:#9ba7b8;--line:#38424f;--page:#12171d;--box:#1b222b;--good:#5cc98c;--bad:#ff8a80;--warn:#f0b64a;
--work:#5b9be0;--own:#5a6a7e;--people:#e0a93d;--people-ground:#4a3a17;--clock:#9ba7b8;--clock-ground:#2b343f;--failed:#ff8a80;--failed-ground:#4d2320;--undo:#b48ae0}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1080px;padding:24px 20px 48px;font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;color:var(--ink);background:var(--page)}
h1{font-size:26px;line-height:1.25;margin:0 0 4px}
h2{font-size:18px;margin:36px 0 10px;padding-bottom:4px;border-bottom:1px solid var(--line)}
p{margin:6px 0}
.lead{color:var(--soft);margin:0}
.verdict{display:inline-block;border:2px solid;border-radius:6px;padding:0 10px;margin-left:8px;font-size:19px;vertical-align:3px}
.good{color:var(--good)}.bad{color:var(--bad)}.warn{color:var(--warn)}
.attention{border:2px solid var(--bad);border-radius:8px;padding:10px 16px;margin:18px 0}
.attention.mild{border-color:var(--warn)}.attention.calm{border:1px solid var(--line)}
.attention ul{margin:6px 0;padding-left:20px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(225px,1fr));gap:12px;margin:18px 0}
.tile{background:var(--box);border:1px solid var(--line);border-radius:8px;padding:10px 14px;break-inside:avoid}
.tile h3{font-size:13px;font-weight:600;color:var(--soft);margin:0}
.tile .value{font-size:24px;line-height:1.3;font-weight:650;margin:2px 0}
.tile p{font-size:13.5px;overflow-wrap:anywhere}
code{font:13px/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}code.long{overflow-wrap:anywhere}.tile code,.attention code,footer code,ul code{overflow-wrap:anywhere}
.wide{overflow-x:auto;margin:10px 0}
table{border-collapse:collapse;width:100%;font-size:13.5px}
th,td{text-align:left;vertical-align:top;padding:5px 10px 5px 0;border-bottom:1px solid var(--line)}
th{color:var(--soft);font-weight:600}
td.figure,th.figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
time{font-variant-numeric:tabular-nums;white-space:nowrap}
ul{margin:6px 0;padding-left:20px}
details{margin:2px 0;font-size:13px}
summary{cursor:pointer;color:var(--soft)}
pre{white-space:pre-wrap;overflow-wrap:anywhere;background:var(--box);border:1px solid var(--line);border-radius:6px;padding:8px 10px;font:12.5px/1.45 ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;margin:6px 0}
.picture{margin:8px 0}
.picture>svg{width:100%;height:auto;font-size:12px;fill:var(--ink)}
figcaption{display:flex;flex-wrap:wrap;gap:4px 18px;font-size:13px;color:var(--soft);margin-top:6px}
.key{display:inline-flex;align-items:center;gap:6px}
.tick line{stroke:var(--line)}.tick text,.fold text{fill:var(--soft);font-size:11px}
.fold rect{fill:var(--clock-ground);opacity:.6}
.group text{font-weight:650}.group rect{fill:var(--soft);opacity:.55}
.critical text{font-weight:650}
.outline{fill:none;stroke:var(--ink);stroke-width:1.6}
.work{fill:var(--work)}.own{fill:var(--own)}.undo{fill:var(--undo)}
.people{fill:url(#people);stroke:var(--people)}.clock{fill:url(#clock);stroke:var(--clock)}
.failed{fill:url(#failed);stroke:var(--failed)}.running{fill:url(#running);stroke:var(--work)}
#people .ground{fill:var(--people-ground)}#people path{stroke:var(--people);stroke-width:1.4}
#clock .ground{fill:var(--clock-ground)}#clock circle{fill:var(--clock)}
#failed .ground{fill:var(--failed-ground)}#failed path{stroke:var(--failed);stroke-width:1.2}
#running .ground{fill:var(--page)}#running path{stroke:var(--work);stroke-width:3}
.share{display:block;width:100%;height:18px;margin:6px 0}
footer{margin-top:40px;color:var(--soft);font-size:13px}
@media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:11pt}details{display:block}summary{display:none}
details::details-content{content-visibility:visible;block-size:auto}h2{break-after:avoid}tr,.tile,.attention{break-inside:avoid}a{color:inherit}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`;
