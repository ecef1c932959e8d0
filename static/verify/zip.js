// Reads a bundle's ZIP in slices: uncompressed members only, ZIP64 too. Only small files are kept in memory.
import { hex } from "./bytes.js";
import { ensure } from "./broken.js";
import { eachPiece, wholeOf } from "./reading.js";
import { Sha256 } from "./sha2.js";

const MAX_MEMBERS = 100_000;
const MAX_DOCUMENT = 64 << 20; // bytes of a JSON or CSV file, the only files read completely
const [LOCAL, CENTRAL, DESCRIPTOR, END, END64, LOCATOR64] = [
  ...[0x04034b50, 0x02014b50, 0x08074b50, 0x06054b50, 0x06064b50, 0x07064b50],
];
const [ALL16, ALL32] = [0xffff, 0xffffffff]; // these values say that a ZIP64 record has the number
const [LATER, FLAGS] = [8, 0x80e]; // flag "CRC and sizes come after the bytes"; this, the level of deflate, and UTF-8
const NEWEST = 45; // version of the format; a program leaves out members of later ones
const [SET_ID, NOT_A_FILE] = [0o7000, 0x458]; // in Unix modes: set-uid and the like; in DOS attributes: folder, link ...
const WIDE = 1; // kind of the extra field with the numbers of ZIP64
export const SAFE_NAME = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;

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
    const { start, size } = this.members.get(name);
    return this.blob.slice(start, start + size);
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

/** Throws Broken unless the blob is a ZIP of uncompressed files in one folder, without duplicates and overlaps. What its
 *  end records, its index and the headers of its members say twice must be the same: programs differ in which they read. */
export async function openZip(blob) {
  const index = await findIndex(blob);
  const members = readIndex(await bytesOf(blob, index.place, index.size), index.count);
  await checkOrder(blob, members, index.place);
  const top = `${members[0].fullName.split("/")[0]}/`;
  ensure(members.every((member) => member.fullName.startsWith(top)), "zip_folders");
  const files = members.filter((member) => !isFolder(member));
  const named = new Map(files.map((member) => [member.fullName.slice(top.length), member]));
  for (const name of named.keys()) ensure(SAFE_NAME.test(name) && name.length <= 200, "package_name", { name });
  const folded = new Set(members.map(({ fullName }) => fullName.replace(/\/$/, "").toLowerCase()));
  ensure(folded.size === members.length, "zip_twice");
  return new Package(blob, named);
}

/** Place, size and number of members of the index, which must end where the first end record begins. */
async function findIndex(blob) {
  const at = blob.size - 22;
  ensure(at >= 0, "zip_none");
  const view = viewOf(await bytesOf(blob, at, 22));
  ensure(view.getUint32(0, true) === END && !view.getUint16(20, true), "zip_none");
  const [disk, first, here, count] = [4, 6, 8, 10].map((place) => view.getUint16(place, true));
  const narrow = { here, count, size: view.getUint32(12, true), place: view.getUint32(16, true) };
  const isLarge = at >= 20 && viewOf(await bytesOf(blob, at - 20, 4)).getUint32(0, true) === LOCATOR64;
  const [end, found] = isLarge ? [at - 76, await wideEnd(blob, at - 76)] : [at, narrow];
  const most = { here: ALL16, count: ALL16, size: ALL32, place: ALL32 };
  const names = Object.keys(most);
  const agree = names.every((name) => narrow[name] === found[name] || (isLarge && narrow[name] === most[name]));
  ensure(agree && !disk && !first && found.here === found.count && found.place + found.size === end, "zip_two_ends");
  ensure(isLarge || names.every((name) => found[name] < most[name]), "zip_two_ends");
  ensure(found.count && found.count <= MAX_MEMBERS, "zip_count");
  ensure(found.size <= MAX_DOCUMENT, "zip_index");
  return found;
}

/** The numbers of the ZIP64 end record, which its locator follows. */
async function wideEnd(blob, at) {
  const view = viewOf(await bytesOf(blob, at, 76));
  const [here, count, size, place] = [24, 32, 40, 48].map((offset) => whole(view, offset));
  const record = [view.getUint32(0, true), whole(view, 4), view.getUint32(16, true), view.getUint32(20, true)];
  const locator = [view.getUint32(60, true), whole(view, 64), view.getUint32(72, true)];
  ensure([...record, ...locator].join() === [END64, 44, 0, 0, 0, at, 1].join(), "zip_two_ends");
  return { here, count, size, place };
}

/** The members of an index of `count` members and nothing else. */
function readIndex(bytes, count) {
  const [view, found] = [viewOf(bytes), []];
  let at = 0;
  while (at < bytes.length) {
    ensure(at + 46 <= bytes.length && found.length < count && view.getUint32(at, true) === CENTRAL, "zip_damaged");
    const [needs, flags, method] = [6, 8, 10].map((offset) => view.getUint16(at + offset, true));
    const [moment, crc, packed, size] = [12, 16, 20, 24].map((offset) => view.getUint32(at + offset, true));
    const [names, extras, comment, disk, text] = [28, 30, 32, 34, 36].map((offset) => view.getUint16(at + offset, true));
    const [attributes, header] = [38, 42].map((offset) => view.getUint32(at + offset, true));
    const extraAt = at + 46 + names;
    ensure(extraAt + extras <= bytes.length, "zip_damaged");
    const fullName = latin(bytes.subarray(at + 46, extraAt));
    const name = fullName.slice(0, 200);
    at = extraAt + extras;
    ensure(!comment && !disk && text <= 1, "zip_comment", { name });
    const numbers = widened({ size, packed, header }, extraFields(bytes.subarray(extraAt, at), name, false), name);
    found.push({ fullName, flags, method, moment, crc, ...numbers });
    checkMember(found.at(-1), needs, attributes);
  }
  ensure(found.length === count, "zip_damaged");
  return found;
}

/** The numbers, with those that are all ones from the ZIP64 field, which has exactly these, in this order. */
function widened(numbers, extra, name) {
  const wanted = Object.keys(numbers).filter((one) => numbers[one] === ALL32);
  const wide = extra.get(WIDE);
  ensure(Boolean(wide) === wanted.length > 0 && (wide?.length ?? 0) === 8 * wanted.length, "zip_two_ways", { name });
  const larger = wanted.map((one, place) => [one, whole(viewOf(wide), 8 * place)]);
  return { ...numbers, ...Object.fromEntries(larger) };
}

/** The extra fields of a member by kind. Throws Broken for kinds other than ZIP64, times and owners, because they can
 *  hide bytes, or give a second name (Info-ZIP's "Unicode path"). */
function extraFields(bytes, name, isLocal) {
  const [view, found] = [viewOf(bytes), new Map()];
  let at = 0;
  while (at < bytes.length) {
    ensure(at + 4 <= bytes.length, "zip_extra", { name });
    const [kind, size] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const body = bytes.subarray(at + 4, at + 4 + size);
    at += 4 + size;
    ensure(at <= bytes.length && !found.has(kind) && isHarmless(kind, body, isLocal), "zip_extra", { name });
    found.set(kind, body);
  }
  return found;
}

/** Whether an extra field has a form that ZIP programs write: times (Info-ZIP, NTFS), owners, the mark of jar. */
function isHarmless(kind, body, isLocal) {
  if (kind === 0x5455) return [1, 5, 9, 13].includes(body.length) && body[0] < 8;
  if (kind === 0x000a) return body.length === 32 && body.subarray(0, 8).join() === "0,0,0,0,1,0,24,0";
  if (kind === 0x7875) {
    const owner = body[1] ?? 99;
    const group = body[2 + owner] ?? 99;
    return body[0] === 1 && Math.max(owner, group) <= 8 && body.length === 3 + owner + group;
  }
  const sizes = { [WIDE]: isLocal ? [16] : [8, 16, 24], 0x5855: [8, 12], 0x7855: [0, 4], 0xcafe: [0] };
  return Object.hasOwn(sizes, kind) && sizes[kind].includes(body.length);
}

/** Check that members follow each other from the first byte on, so that nothing is hidden and nothing counts twice. */
async function checkOrder(blob, members, index) {
  const sorted = [...members].sort((a, b) => a.header - b.header);
  ensure(sorted[0].header === 0, "zip_overlap");
  for (const [place, member] of sorted.entries()) {
    member.start = await startOf(blob, member, sorted[place + 1]?.header ?? index);
  }
}

/** Where a member's bytes begin. Its local header, and what follows its bytes up to `end`, must say what the index
 *  says. */
async function startOf(blob, member, end) {
  const { header, fullName, flags, method, moment, crc, packed, size } = member;
  const view = viewOf(await bytesOf(blob, header, 30));
  ensure(view.getUint32(0, true) === LOCAL, "zip_damaged");
  const [names, extras] = [view.getUint16(26, true), view.getUint16(28, true)];
  const rest = await bytesOf(blob, header + 30, names + extras);
  ensure(names === fullName.length && latin(rest.subarray(0, names)) === fullName, "zip_two_names");
  const name = fullName.slice(0, 200);
  const extra = extraFields(rest.subarray(names), name, true);
  const [later, wide] = [Boolean(flags & LATER), extra.has(WIDE)];
  const same = view.getUint16(6, true) === flags && view.getUint16(8, true) === method;
  // Without sizes, a program reads on to what looks like the member's end, which stored bytes may contain.
  const unsaid = later && (method !== 0 || !size) ? [0] : [];
  const sizes = [size, packed].every((real, place) => {
    const narrow = view.getUint32(place ? 18 : 22, true);
    const known = [real, ...unsaid].includes(wide ? whole(viewOf(extra.get(WIDE)), 8 * place) : real);
    return known && [real, ...unsaid, ...(wide ? [ALL32] : [])].includes(narrow);
  });
  const sum = [crc, ...(later ? [0] : [])].includes(view.getUint32(14, true));
  const agrees = same && view.getUint32(10, true) === moment && view.getUint16(4, true) <= NEWEST;
  ensure(agrees && sizes && sum, "zip_two_ways", { name });
  const start = header + 30 + names + extras;
  const behind = end - start - packed;
  ensure(behind >= 0 && behind <= 24 && Boolean(behind) === later, "zip_overlap");
  if (later) checkDescriptor(await bytesOf(blob, end - behind, behind), member, wide);
  return start;
}

/** What follows a member: CRC and sizes once more, behind a mark or without one. */
function checkDescriptor(bytes, { crc, packed, size }, wide) {
  const [view, width] = [viewOf(bytes), wide ? 8 : 4];
  const marked = bytes.length === 8 + 2 * width;
  const at = marked ? 4 : 0;
  ensure(bytes.length === at + 4 + 2 * width && (!marked || view.getUint32(0, true) === DESCRIPTOR), "zip_overlap");
  const number = (place) => (wide ? whole(view, place) : view.getUint32(place, true));
  const said = [view.getUint32(at, true), number(at + 4), number(at + 4 + width)];
  ensure(said.join() === [crc, packed, size].join(), "zip_overlap");
}

function isFolder({ fullName }) {
  return fullName.endsWith("/");
}

/** Check what the index says of one member. The upper half of `attributes` is the Unix mode, the lower half has the DOS
 *  attributes. */
function checkMember(member, needs, attributes) {
  const { fullName, flags, method, size, packed, crc } = member;
  const [name, mode, folder] = [fullName.slice(0, 200), attributes >>> 16, isFolder(member)];
  const proper = fullName.includes("/") && SAFE_NAME.test(folder ? fullName.slice(0, -1) : fullName);
  ensure(proper, "zip_name", { name });
  ensure(!(flags & 1), "zip_encrypted", { name });
  ensure(!(flags & ~FLAGS) && needs <= NEWEST, "zip_unusual", { name });
  ensure(method === 0, "zip_compressed", { name });
  ensure(size === packed, "zip_two_sizes", { name });
  ensure(!folder || (size === 0 && packed === 0 && crc === 0), "zip_full_folder", { name });
  const [kinds, dos] = folder ? [[0, 4], NOT_A_FILE & ~0x10] : [[0, 8], NOT_A_FILE];
  ensure(kinds.includes(mode >> 12) && !(mode & SET_ID) && !(attributes & dos), "zip_link", { name });
}
