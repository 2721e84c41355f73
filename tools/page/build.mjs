// Bundles src/ and the boards' data into one HTML file that asks nobody for anything.
//
//   node build.mjs DATA.json OUT.html
//
// The page's policy names its one script and its one style sheet by their hashes.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const [data, out] = process.argv.slice(2);
if (!data || !out) throw new Error("build.mjs takes DATA.json and OUT.html");

const built = await build({
  entryPoints: ["src/main.tsx"],
  outdir: "out",
  bundle: true,
  minify: true,
  write: false,
  target: "es2022",
  charset: "utf8",
  legalComments: "inline",
  define: { METER_DATA: readFileSync(data, "utf8") },
});
const [script, style] = ["js", "css"].map(
  (kind) => built.outputFiles.find((file) => file.path.endsWith(kind)).text,
);
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
const policy = [
  "default-src 'none'",
  `script-src ${hash(script)}`,
  `style-src ${hash(style)}`,
  "img-src data:",
  "connect-src 'none'", // `meter page` puts its own socket here
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");
const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Headroom</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<script>${script}</script>
</body>
</html>
`;
writeFileSync(out, page);
console.log(`${out}: ${Math.ceil(Buffer.byteLength(page) / 1000)} kB`);
