// Reads a bundle's ZIP in slices: uncompressed members only, ZIP64 too. Only small files are kept in memory.
import { hex } from "./bytes.js";
import { ensure } from "./broken.js";
import { eachPiece, wholeOf } from "./reading.js";
import { Sha256 } from "./sha2.js";

const MAX_MEMBERS = 100_000;
const MAX_DOCUMENT = 64 << 20; // bytes of a JSON or CSV file, the only files read completely
const DESCRIPTORS = [12, 16, 20, 24]; // bytes that may follow a member: its CRC and sizes again
const UNICODE_PATH = 0x7075;
const SAFE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

async function bytesOf(blob, from, size) {
  ensure(from >= 0 && from + size <= blob.size, "zip_damaged");
  return wholeOf(blob.slice(from, from + size));
}

function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function latin(bytes) {
  return String.fromCharCode(...bytes);
}

function whole(view, at) {
  const number = Number(view.getBigUint64(at, true));
  ensure(Number.isSafeInteger(number), "zip_damaged");
  return number;
}

/** The SHA-256 of a blob in hex, piece by piece. Calls `tell` with the number of bytes of each piece. */
export async function digestOf(blob, tell = () => {}) {
  const hash = new Sha256();
  await eachPiece(blob, (bytes) => {
    hash.update(bytes);
    tell(bytes.length);
  });
  ensure(hash.size === blob.size, "cut_short");
  return hex(hash.digest());
}

/** The files of a bundle, by names relative to its one top folder. */
export class Package {
  constructor(blob, members) {
    Object.assign(this, { blob, members });
    this.sizes = new Map([...members].map(([name, member]) => [name, member.size]));
  }

  /** The bytes of a member as a slice, not read yet. */
  async slice(name) {
    ensure(this.members.has(name), "missing", { name });
    const member = this.members.get(name);
    const start = await startOf(this.blob, member);
    return this.blob.slice(start, start + member.size);
  }

  /** All bytes of a small file. */
  async read(name) {
    ensure(this.members.has(name), "missing", { name });
    ensure(this.sizes.get(name) <= MAX_DOCUMENT, "too_large", { name });
    return wholeOf(await this.slice(name));
  }

  async digest(name, tell) {
    return digestOf(await this.slice(name), tell);
  }
}

/** Where a member's bytes begin. Its local header must agree with the index, and nothing else may follow the bytes. */
async function startOf(blob, { header, fullName, flags, method, crc, size, end }) {
  const local = await bytesOf(blob, header, 30 + fullName.length);
  const view = viewOf(local);
  ensure(view.getUint32(0, true) === 0x04034b50, "zip_damaged");
  const [nameSize, extraSize] = [view.getUint16(26, true), view.getUint16(28, true)];
  ensure(nameSize === fullName.length && latin(local.subarray(30)) === fullName, "zip_two_names");
  const sizes = [18, 22].every((at) => [size, 0xffffffff].includes(view.getUint32(at, true))); // or in the ZIP64 field
  const told = flags & 8 || (view.getUint32(14, true) === crc && sizes); // bit 3: CRC and sizes follow the bytes
  const same = view.getUint16(6, true) === flags && view.getUint16(8, true) === method;
  ensure(told && same, "zip_two_ways", { name: fullName.slice(0, 200) });
  const extraAt = header + 30 + nameSize;
  checkExtra(viewOf(await bytesOf(blob, extraAt, extraSize)));
  const behind = end - (extraAt + extraSize + size);
  ensure((flags & 8 ? DESCRIPTORS : [0]).includes(behind), "zip_overlap");
  return extraAt + extraSize;
}

/** Throws Broken for a second name: some tools unpack a member by Info-ZIP's “Unicode path”. */
function checkExtra(extra) {
  for (let at = 0; at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    ensure(extra.getUint16(at, true) !== UNICODE_PATH, "zip_two_names");
  }
}

/** Throws Broken unless the blob is a ZIP of uncompressed files in one folder, without duplicates and overlaps. */
export async function openZip(blob) {
  const directory = await findDirectory(blob);
  const members = readDirectory(await bytesOf(blob, directory.at, directory.size), directory.count);
  members.forEach(checkMember);
  checkOrder(members, directory.at);
  const top = `${members[0].fullName.split("/")[0]}/`;
  ensure(members.every((member) => member.fullName.startsWith(top)), "zip_folders");
  for (const member of members.filter(isFolder)) await startOf(blob, member);
  const files = members.filter((member) => !isFolder(member));
  const named = new Map(files.map((member) => [member.fullName.slice(top.length), member]));
  for (const name of named.keys()) ensure(SAFE_NAME.test(name) && name.length <= 200, "package_name", { name });
  const folded = new Set(files.map((member) => member.fullName.toLowerCase()));
  ensure(folded.size === files.length, "zip_twice");
  return new Package(blob, named);
}

/** Where the central directory is. It must end where its end record begins, and that must end the file. */
async function findDirectory(blob) {
  const tail = await bytesOf(blob, Math.max(0, blob.size - 42), Math.min(blob.size, 42));
  const [view, end] = [viewOf(tail), tail.length - 22];
  ensure(end >= 0 && view.getUint32(end, true) === 0x06054b50 && !view.getUint16(end + 20, true), "zip_none");
  const at = blob.size - 22;
  const large = end >= 20 && view.getUint32(end - 20, true) === 0x07064b50;
  const [size, place] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  const small = { count: view.getUint16(end + 10, true), size, at: place };
  const found = large ? await largeDirectory(blob, at - 76) : small;
  ensure(found.at + found.size === (large ? at - 76 : at), "zip_damaged");
  ensure(found.count && found.count <= MAX_MEMBERS, "zip_count");
  ensure(found.size <= MAX_DOCUMENT, "zip_index");
  return found;
}

/** The ZIP64 end record, which is before its locator and the old end record. */
async function largeDirectory(blob, at) {
  const view = viewOf(await bytesOf(blob, at, 76));
  ensure(view.getUint32(0, true) === 0x06064b50 && whole(view, 56 + 8) === at, "zip_damaged");
  return { count: whole(view, 32), size: whole(view, 40), at: whole(view, 48) };
}

function readDirectory(bytes, count) {
  const [view, found] = [viewOf(bytes), []];
  let at = 0;
  for (; found.length < count; at = found.at(-1).next) {
    ensure(at + 46 <= bytes.length && view.getUint32(at, true) === 0x02014b50, "zip_damaged");
    const [nameSize, extraSize, noteSize] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const next = at + 46 + nameSize + extraSize + noteSize;
    ensure(next <= bytes.length, "zip_damaged");
    const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const numbers = { size, packed, header: view.getUint32(at + 42, true) }; // in the order of the ZIP64 extra field
    const extra = viewOf(bytes.subarray(at + 46 + nameSize, at + 46 + nameSize + extraSize));
    const fullName = latin(bytes.subarray(at + 46, at + 46 + nameSize));
    const method = { flags: view.getUint16(at + 8, true), method: view.getUint16(at + 10, true) };
    const marks = { crc: view.getUint32(at + 16, true), mode: view.getUint32(at + 38, true) >>> 28 };
    checkExtra(extra);
    found.push({ fullName, ...method, ...marks, ...enlarged(numbers, extra), next });
  }
  ensure(at === bytes.length, "zip_damaged");
  return found;
}

/** The numbers, with those that need more than 32 bits from the ZIP64 extra field. */
function enlarged(numbers, extra) {
  const wanted = Object.keys(numbers).filter((name) => numbers[name] === 0xffffffff);
  for (let at = 0; wanted.length && at + 4 <= extra.byteLength; at += 4 + extra.getUint16(at + 2, true)) {
    if (extra.getUint16(at, true) !== 1) continue;
    ensure(extra.getUint16(at + 2, true) >= 8 * wanted.length, "zip_damaged");
    ensure(at + 4 + 8 * wanted.length <= extra.byteLength, "zip_damaged");
    const larger = wanted.map((name, place) => [name, whole(extra, at + 4 + 8 * place)]);
    return { ...numbers, ...Object.fromEntries(larger) };
  }
  return numbers;
}

function isFolder({ fullName }) {
  return fullName.endsWith("/");
}

function checkMember(member) {
  const { fullName, flags, method, size, packed, mode } = member;
  const name = fullName.slice(0, 200);
  const proper = fullName.includes("/") && SAFE_NAME.test(isFolder(member) ? fullName.slice(0, -1) : fullName);
  ensure(proper, "zip_name", { name });
  ensure(!(flags & 1), "zip_encrypted", { name });
  ensure(method === 0, "zip_compressed", { name });
  ensure(size === packed, "zip_two_sizes", { name });
  ensure(!isFolder(member) || size === 0, "zip_full_folder", { name });
  ensure([0, 4, 8].includes(mode), "zip_link", { name });
}

/** Members must follow each other from the first byte on, so that nothing is hidden and nothing counts twice. */
function checkOrder(members, directoryAt) {
  const sorted = [...members].sort((a, b) => a.header - b.header);
  let end = 0;
  sorted.forEach((member, place) => {
    ensure(member.header >= end && (end || member.header === 0), "zip_overlap");
    end = member.header + 30 + member.fullName.length + member.size;
    member.end = place + 1 < sorted.length ? sorted[place + 1].header : directoryAt;
  });
  ensure(end <= directoryAt, "zip_overlap");
}
