/* What people with bad intentions write, for the tests: the categories of OWASP's XSS filter evasion sheet and the ways
   that Markdown adds. X is what would run. */
const X = "alert(1)";
const SCHEMES = [
  `javascript:${X}`, `JaVaScRiPt:${X}`, `javascript&colon;${X}`, `javascript&#58;${X}`, `javascript&#x3A;${X}`, `&#106;avascript:${X}`,
  `&#x6A&#x61&#x76&#x61script:${X}`, `java&Tab;script:${X}`, `java&NewLine;script:${X}`, `java\tscript:${X}`, `&#1;javascript:${X}`,
  `\u0001javascript:${X}`, `\u00a0javascript:${X}`, `\u200bjavascript:${X}`, `javascript://a.example/%0a${X}`, `//javascript:${X}`,
  `vbscript:msgbox(1)`, `data:text/html,<script>${X}</script>`, `data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==`,
  `data:image/svg+xml,<svg onload=${X}>`, `file:///etc/passwd`, `blob:https://a.example/1`, `filesystem:https://a.example/1`,
  `view-source:https://a.example`, `about:blank`, `feed:javascript:${X}`, `livescript:${X}`, `jar:https://a.example!/x`, `intent://a#Intent;end`,
  `ms-word:ofe|u|https://a.example`, `tel:1`, `ftp://a.example`, `ws://a.example`, `mention:${X}`, `mention://user/../../${X}`,
];
const HTML = [
  `<script>${X}</script>`, `<SCRIPT SRC=//a.example/x.js></SCRIPT>`, `<script\n>${X}</script\n>`, `<scr<script>ipt>${X}</scr</script>ipt>`,
  `<img src=x onerror=${X}>`, `<img src=x onerror="${X}" alt=a>`, `<IMG """><SCRIPT>${X}</SCRIPT>">`, `<img src="x\` \`<script>${X}</script>"\` \`>`,
  `<img/src=x/onerror=${X}>`, `<img srcset="//a.example/x 1x" src=x>`, `<img src=x:${X} onerror=eval(src)>`, `<img lowsrc="javascript:${X}">`,
  `<img dynsrc="javascript:${X}">`, `<img src="//a.example/pixel">`, `<img src="/\\a.example/x">`, `<image href=x onerror=${X}>`,
  `<svg onload=${X}>`, `<svg><script>${X}</script></svg>`, `<svg><a xlink:href="javascript:${X}"><text>a</text></a></svg>`,
  `<svg><animate attributeName=href values=javascript:${X} />`, `<svg><style><img src=x onerror=${X}></style></svg>`, `<svg><foreignObject><iframe src=//a.example></foreignObject></svg>`,
  `<math><mi xlink:href="javascript:${X}">a</mi></math>`, `<math href="javascript:${X}">a</math>`, `<math><annotation-xml encoding="text/html"><img src=x onerror=${X}></annotation-xml></math>`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${X}&gt;">`,
  `<math><mtext><table><mglyph><svg><mtext><style><path id="</style><img onerror=${X} src>">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${X}>`, `<svg></p><style><a id="</style><img src=1 onerror=${X}>">`,
  `<noscript><p title="</noscript><img src=x onerror=${X}>">`, `<noembed><img title="</noembed><img src onerror=${X}>"></noembed>`,
  `<textarea><img title="</textarea><img src onerror=${X}>"></textarea>`, `<title><a title="</title><img src onerror=${X}>">`,
  `<xmp><p title="</xmp><svg/onload=${X}>">`, `<template><img src=x onerror=${X}></template>`, `<select><template><style></select><img src onerror=${X}>`,
  `<plaintext><img src=x onerror=${X}>`, `<listing>&lt;img onerror=${X} src&gt;</listing>`, `<iframe src="javascript:${X}"></iframe>`,
  `<iframe srcdoc="<script>${X}</script>"></iframe>`, `<iframe src=//a.example></iframe>`, `<object data="javascript:${X}"></object>`,
  `<embed src="javascript:${X}">`, `<applet code=x></applet>`, `<base href="//a.example/">`, `<meta http-equiv=refresh content="0;url=javascript:${X}">`,
  `<link rel=stylesheet href=//a.example/x.css>`, `<link rel=import href=//a.example>`, `<style>@import "//a.example";</style>`, `<style>*{background:url(//a.example)}</style>`,
  `<body onload=${X}>`, `<html onmouseover=${X}>`, `<div style="background:url(javascript:${X})">a</div>`, `<div style="position:fixed;inset:0">a</div>`,
  `<p style="width:expression(${X})">a</p>`, `<div class="fixed inset-0" id=csrf name=csrf>a</div>`, `<form action=//a.example><input name=password></form>`,
  `<form id=a><input name=nodeName></form>`, `<button onclick=${X} formaction=javascript:${X}>a</button>`, `<input type=image src=x onerror=${X}>`,
  `<input type=password autofocus onfocus=${X}>`, `<input type=checkbox onclick=${X} name=a form=b>`, `<textarea autofocus onfocus=${X}></textarea>`,
  `<keygen autofocus onfocus=${X}>`, `<isindex type=image src=1 onerror=${X}>`, `<video src=x onerror=${X}></video>`, `<video><source onerror=${X}></video>`,
  `<audio src=x onerror=${X}></audio>`, `<video poster=javascript:${X}></video>`, `<details open ontoggle=${X}><summary>a</summary></details>`,
  `<details name=a popover><summary onclick=${X}>a</summary></details>`, `<marquee onstart=${X}>a</marquee>`, `<table background="javascript:${X}"><td background=x></table>`,
  `<a href="javascript:${X}">a</a>`, `<a href=" javascript:${X}">a</a>`, `<a href="jav&#x09;ascript:${X}">a</a>`, `<a href="java\nscript:${X}">a</a>`,
  `<a href="//a.example" target=_blank ping=//a.example download>a</a>`, `<a href="https://a.example" rel=opener>a</a>`, `<a name=getElementById id=cookie>a</a>`,
  `<a href=x style=position:fixed onmouseover=${X}>a</a>`, `<a href="x" "onclick=${X}>a</a>`, `<a/href="x"/onclick="${X}">a</a>`, `<a href='x' title='"onclick=${X}'>a</a>`,
  `<b onclick=${X}>a</b>`, `<b/onclick=${X}>a</b>`, `<br onload=${X}>`, `<custom-element onclick=${X}>a</custom-element>`, `<p is="x-y" slot=a part=b>a</p>`,
  `<ruby><rt onclick=${X}>a</rt></ruby>`, `<!--><img src=x onerror=${X}>-->`, `<!-- --!><img src=x onerror=${X}> -->`, `<![CDATA[<img src=x onerror=${X}>]]>`,
  `<?xml version="1.0"?><img src=x onerror=${X}>`, `<!DOCTYPE html [<!ENTITY x "<script>${X}</script>">]>&x;`, `<img src=x onerror=${X}//`, `<<script>${X}//<</script>`,
  `<div data-reactroot onclick="${X}" dangerouslySetInnerHTML="{__html:1}">a</div>`, `<object name=body><form name=cookie></object>`, `<img name=getElementsByTagName src=x>`,
  `<a id=in-abstract></a><a id=in-abstract></a>`, `<div popover id=x>a</div><button popovertarget=x>b</button>`, `<dialog open>a</dialog>`, `<p contenteditable autofocus onfocus=${X}>a</p>`,
  `<p hidden inert tabindex=1 accesskey=x draggable=true>a</p>`, `<section data-footnotes onclick=${X} style=a class=b>a</section>`, `<code class="language-math" onclick=${X}>x</code>`,
  `<code class="math-display hljs fixed">\\href{javascript:${X}}{a}</code>`, `<pre><code class="language-<img src=x onerror=${X}>">a</code></pre>`, `＜script＞${X}＜/script＞`, `<ſcript>${X}</ſcript>`, `<\u0000script>${X}</script>`,
];
const MARKDOWN = [
  `\`\`\`"><img src=x onerror=${X}>\na\n\`\`\``, `\`\`\`html\n<script>${X}</script>\n\`\`\``, `\`\`\`js" onclick="${X}\na\n\`\`\``, `~~~__proto__\na\n~~~`, `~~~constructor\na\n~~~`,
  `# <img src=x onerror=${X}>`, `# getElementById`, `# __proto__`, `# "><script>${X}</script>`, `# [a](javascript:${X})`, `<h1 id=location>a</h1>`,
  `| a | b |\n|---|---|\n| <img src=x onerror=${X}> | [a](javascript:${X}) |`, `a[^1]\n\n[^1]: <img src=x onerror=${X}>`, `a[^"><script>]\n\n[^"><script>]: b`,
  `a[^__proto__]\n\n[^__proto__]: [x](javascript:${X})`, `[a]\n\n[a]: javascript:${X}`, `[a]: <javascript:${X}> "b"\n\n[a]`, `![a]\n\n[a]: data:text/html,1`,
  `![a](x "onerror=${X}")`, `![a"onerror="${X}](x)`, `![](x"onerror=${X})`, `[a](<x" onclick="${X}>)`, `[a](x 'x" onclick="${X}')`, `[![a](javascript:${X})](javascript:${X})`,
  `[<img src=x onerror=${X}>](x)`, `[a](https://a.example)<a href="javascript:${X}">`, `<javascript:${X}>`, `<data:text/html,1>`, `<a@b.example?subject=x" onclick="${X}>`,
  `https://a.example/"onclick="${X}`, `www.a.example/<script>${X}</script>`, `http://a.example'onclick='${X}`, `javascript:${X}@a.example`, `- [x] <input onclick=${X}>`,
  `> <script>\n> ${X}\n> </script>`, `<p>\n\n[a](javascript:${X})\n\n</p>`, `<div\n\nonclick=${X}>`, `&lt;script&gt;${X}&lt;/script&gt;`, `\\<script>${X}\\</script>`, `---\ntitle: <script>${X}</script>\n---\na`,
  `@[<img src=x onerror=${X}>](mention://user/00000000-0000-4000-8000-000000000001)`, `@[a](mention://user/"onclick=${X})`,
];
const MATHS = [
  `\\href{javascript:${X}}{a}`, `\\url{javascript:${X}}`, `\\includegraphics{https://a.example/x.png}`, `\\htmlClass{fixed}{a}`, `\\htmlId{csrf}{a}`, `\\htmlStyle{position:fixed}{a}`,
  `\\htmlData{a=b}{c}`, `\\text{<img src=x onerror=${X}>}`, `<img src=x onerror=${X}>`, `\\color{red;position:fixed}{a}`, `\\colorbox{url(//a.example)}{a}`, `\\unicode{x3c}script`,
  `\\def\\x{<script>}\\x`, `\\char"3Cscript\\char"3E`, `\\rule{1000em}{1000em}`, `\\kern-9999em a`, `\\raisebox{999em}{a}`, `\\textcolor{"onclick=1}{a}`, `\\tag{<script>}`, `\\verb|<script>|`,
];

export const payloads: string[] = [
  ...new Set([
  ...SCHEMES.flatMap((address) => [`[a](${address})`, `[a](<${address}>)`, `![a](<${address}>)`, `<a href="${address}">a</a>`, `[r]\n\n[r]: <${address}>`]),
  ...HTML.flatMap((html) => [html, `text ${html} text`, `> - ${html.replace(/\n/g, " ")}`]),
  ...MARKDOWN,
  ...MATHS.flatMap((tex) => [`$${tex}$`, `$$\n${tex}\n$$`, `\`\`\`math\n${tex}\n\`\`\``]),
  ]),
];
