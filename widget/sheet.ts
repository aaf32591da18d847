/**
 * How the poll looks. Everything on `:host` is important: inside a shadow root that outranks even a page whose own
 * rules are important, so no page can hide, move or restyle it. Adopted as a constructed sheet, it needs no
 * `style-src` from the page's content security policy.
 */
export const css = `
:host{all:initial!important;position:fixed!important;inset-block-end:max(16px,env(safe-area-inset-bottom))!important;inset-inline-end:16px!important;inline-size:384px!important;max-inline-size:calc(100% - 32px)!important;z-index:2147483647!important;display:block!important;color-scheme:light dark!important}
*,::before{box-sizing:border-box;margin:0;padding:0;min-inline-size:0}
.card{--ink:#1b1d28;--soft:#5c6272;--paper:#fff;--line:#d5d9e3;--edge:#858b9b;--fill:#f3f4f8;--lead:#4338ca;--on:#fff;--tint:#eef0ff;--bad:#b42318;max-block-size:calc(100vh - 32px);max-block-size:calc(100dvh - 32px);overflow:auto;overscroll-behavior:contain;padding:18px 20px 20px;border:1px solid var(--line);border-radius:18px;background:var(--paper);color:var(--ink);box-shadow:0 1px 2px #10122014,0 12px 40px -8px #10122038;font:400 15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;text-align:left;overflow-wrap:anywhere;animation:rise .28s cubic-bezier(.2,.8,.3,1)}
@keyframes rise{from{opacity:0;transform:translateY(14px)}}
:host([dir=rtl]) .card{text-align:right}
h2,h3,p,span,label{unicode-bidi:plaintext}
.head{display:flex;align-items:center;gap:10px;min-block-size:28px;font-size:13px;color:var(--soft)}
.title{flex:1;font-weight:600}
.count{white-space:nowrap;font-variant-numeric:tabular-nums}
.rail{display:flex;gap:4px;margin-block:10px 0}
.rail i{flex:1;block-size:3px;border-radius:3px;background:var(--line)}
.rail .on{background:var(--lead)}
h2{margin-block:14px 12px;font-size:18px;line-height:1.3;font-weight:650;letter-spacing:-.01em;text-wrap:balance;outline:0}
button{appearance:none;border:1px solid transparent;border-radius:11px;min-block-size:40px;padding:8px 18px;background:none;color:inherit;font:inherit;font-weight:600;white-space:nowrap;cursor:pointer}
button:hover{background:var(--fill)}
[aria-disabled=true]{opacity:.6;cursor:default}
.x{display:grid;place-items:center;flex:none;min-block-size:28px;block-size:28px;inline-size:28px;margin-inline-end:-6px;padding:0;border-radius:9px;color:var(--soft)}
svg{fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.go{background:var(--lead);color:var(--on)}
.go:hover{background:var(--lead);filter:brightness(1.12)}
.go.skip{background:none;border-color:var(--edge);color:inherit}
.go.skip:hover{background:var(--fill);filter:none}
.foot{display:flex;flex-wrap:wrap;justify-content:space-between;gap:8px;margin-block-start:16px}
.foot .go{margin-inline-start:auto}
.back{margin-inline-start:-10px;padding-inline:12px;color:var(--soft)}
label{position:relative;cursor:pointer}
input{appearance:none;position:absolute;inset:0;cursor:pointer;outline:0}
.option{display:flex;align-items:center;gap:11px;min-block-size:44px;margin-block-start:8px;padding:9px 14px;border:1px solid var(--line);border-radius:11px}
.option::before{content:"";flex:none;inline-size:19px;block-size:19px;border:1.5px solid var(--edge);border-radius:50%;background:var(--paper)}
label:hover{background:var(--fill)}
label.on{border-color:var(--lead);background:var(--tint)}
.option.on::before{border:6px solid var(--lead)}
.scale{display:grid;grid-template-columns:repeat(11,1fr);gap:4px}
.cell{display:grid;place-items:center;min-block-size:42px;border:1px solid var(--line);border-radius:9px;font-variant-numeric:tabular-nums;font-size:14px}
.cell.on{background:var(--lead);color:var(--on);font-weight:600}
.ends{display:flex;justify-content:space-between;gap:16px;margin-block-start:7px;font-size:13px;color:var(--soft)}
.ends :last-child{text-align:end}
textarea{display:block;inline-size:100%;block-size:104px;resize:vertical;padding:10px 13px;border:1px solid var(--edge);border-radius:11px;background:var(--paper);color:inherit;font:inherit;font-size:16px}
.left{margin-block-start:6px;text-align:end;font-size:13px;color:var(--soft)}
.fault{display:flex;gap:7px;margin-block-start:12px;font-size:14px;color:var(--bad)}
.fault:empty,.left:empty{display:none}
.fault svg{flex:none;margin-block-start:2px}
.heard{position:absolute;inline-size:1px;block-size:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
:focus-visible{outline:2.5px solid var(--lead);outline-offset:1.5px}
label:has(:focus-visible){outline:2.5px solid var(--lead);outline-offset:1.5px}
@supports not selector(:has(a)){label:focus-within{outline:2.5px solid var(--lead);outline-offset:1.5px}}
h2:focus-visible,input:focus-visible{outline:0}
.thanks>svg,.thanks>h2,.sum{margin-inline:auto;text-align:center}
.thanks>svg{display:block;margin-block:8px 0;padding:11px;border-radius:50%;background:var(--tint);color:var(--lead);stroke-width:2.4}
.thanks .foot{justify-content:center}
.thanks .foot .go{margin:0}
.result{margin-block-start:18px}
h3{margin-block-end:8px;font-size:14px;font-weight:600}
ul{list-style:none}
.line{position:relative;display:flex;justify-content:space-between;gap:12px;margin-block-start:6px;padding:7px 12px;border-radius:9px;background:var(--fill);overflow:hidden;font-size:14px}
.line i{position:absolute;inset-block:0;inset-inline-start:0;background:var(--line)}
.line span{position:relative}
.own{font-weight:600}
.own i{background:color-mix(in srgb,var(--lead) 26%,transparent)}
.columns{display:grid;grid-template-columns:repeat(11,1fr);gap:4px}
.columns li{display:flex;flex-direction:column;text-align:center;font-size:12px;color:var(--soft)}
.columns b{display:flex;align-items:end;block-size:64px;margin-block-end:3px}
.columns i{flex:1;min-block-size:2px;border-radius:4px 4px 0 0;background:var(--line)}
.columns .own{color:var(--ink)}
.columns .own i{background:var(--lead)}
.sum{margin-block-start:14px;font-size:13px;color:var(--soft)}
@media (max-width:420px){.card{padding-inline:16px}.scale{grid-template-columns:repeat(6,1fr);gap:6px}}
@media (prefers-color-scheme:dark){.card{--ink:#f0f1f6;--soft:#a9afbf;--paper:#1c1e27;--line:#363a48;--edge:#7d8496;--fill:#272a36;--lead:#a9b1ff;--on:#14151d;--tint:#2b2e49;--bad:#ff9d94;box-shadow:0 12px 40px -8px #000c}}
@media (forced-colors:active){.rail i{border:1px solid CanvasText}.rail .on,.line i,.columns i{forced-color-adjust:none;background:CanvasText}.line{forced-color-adjust:none;border:1px solid CanvasText;background:Canvas;color:CanvasText}.line i{opacity:.22}.columns .own i,.line.own i{background:Highlight}.go{border-color:ButtonText}.thanks>svg{background:none;color:CanvasText}.card label.on{forced-color-adjust:none;border-color:Highlight;background:Highlight;color:HighlightText}.option.on::before{border-color:HighlightText;background:Highlight}:focus-visible{outline-color:Highlight}label:has(:focus-visible){outline-color:Highlight}}
@media (prefers-reduced-motion:reduce){.card{animation:none}}
@media print{:host{display:none!important}}
`;
