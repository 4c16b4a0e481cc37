// Turns the text of Debian's package "jargon-text" 4.4.7-4.1 into the excerpt of the Jargon File that the examples bundle.
//
//     apt-get download jargon-text && dpkg -x jargon-text_4.4.7-4.1_all.deb package
//     node convert-jargon.mjs package/usr/share/doc/jargon-text/jargon.txt.gz ../resources/io/github/lightning4j/examples/jargon
//
// The excerpt is the first 200,000 characters of the lexicon, up to the end of an entry:
// - entries alone, without lists of headwords, tables and drawings;
// - each paragraph in one line, an empty line between entries;
// - ASCII: quotes, dashes and accents are replaced, paragraphs with any other character are left out.
//
// The SHA-256 sum printed is that of the text inside the gzip, which does not depend on the version of zlib.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";

const LENGTH = 200_000;
const PLAIN = { "‘": "'", "’": "'", "“": '"', "”": '"', "—": "-", "−": "-", "´": "'", "·": "-", "×": "x", "\u00a0": " " };

const [input, outputFolder] = process.argv.slice(2);
if (!outputFolder) {
  console.error("usage: node convert-jargon.mjs JARGON_TXT_GZ OUTPUT_FOLDER");
  process.exit(2);
}

const source = gunzipSync(readFileSync(input)).toString("utf8");
if (!source.includes("(version 4.4.7)")) {
  console.error(`${input} is not version 4.4.7 of the Jargon File`);
  process.exit(2);
}

const entries = [];
let inEntry = false;
for (const paragraph of source.slice(source.indexOf("\n   :abbrev:")).split(/\n\s*\n/)) {
  const line = ascii(paragraph.trim().replace(/\s+/g, " "));
  const isHeadOfLetter = /^ [A-Z]$/.test(paragraph);
  if (line.startsWith(":")) {
    entries.push(line);
    inEntry = true;
  } else if (isHeadOfLetter) {
    inEntry = false;
  } else if (inEntry && line !== "") {
    entries[entries.length - 1] += `\n${line}`;
  }
}

let text = "";
for (const entry of entries) {
  if (text.length + entry.length > LENGTH) {
    break;
  }
  text += `${entry}\n\n`;
}
const bytes = Buffer.from(text, "ascii");
const gzip = gzipSync(bytes, { level: 9 });
gzip.fill(0, 4, 8); // no time
gzip[9] = 255; // no operating system
writeFileSync(join(outputFolder, "jargon.txt.gz"), gzip);
console.log(`${bytes.length} characters, ${gzip.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex")}`);

/** The line in ASCII, or nothing if it cannot be. */
function ascii(line) {
  const plain = line.replace(/[^\x20-\x7e]/g, (letter) => PLAIN[letter] ?? letter).normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  return /^[\x20-\x7e]*$/.test(plain) ? plain : "";
}
