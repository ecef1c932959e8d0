// Reads a bundle's ZIP in slices, ZIP64 too; compressed members if the browser can. Only small files are kept in memory.
import { hex, joined } from "./bytes.js";
import { Broken, Stuck, ensure } from "./broken.js";
import { notChecked, refuseOtherKinds } from "./forms.js";
import { BAG_LISTS, HEAD, besideOrInside, isHarmless, isStrange, mayBeOfBundle } from "./names.js";
import { NONE, PIECE, eachPiece, within, wholeOf } from "./reading.js";
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
const UNICODE_PATH = 0x7075; // kind of the extra field with the name in UTF-8
const NOTHING = [3, 0]; // no bytes, deflated, as Java writes folders
const MOST_UNPACKED = 2 ** 30; // bytes that a ZIP may unpack to beyond 200 times its own

const WINDOW = 64 << 10; // bytes that are read together, because a browser takes a millisecond for each answer
const windows = new WeakMap(); // blob -> the bytes of it that were read last, and where they begin

async function bytesOf(blob, from, size) {
  ensure(from >= 0 && from + size <= blob.size, "zip_damaged");
  if (size > WINDOW) return wholeOf(blob.slice(from, from + size));
  let held = windows.get(blob);
  if (!held || from < held.from || from + size > held.from + held.bytes.length) {
    held = { from, bytes: await wholeOf(blob.slice(from, from + WINDOW)) };
    windows.set(blob, held);
  }
  return held.bytes.subarray(from - held.from, from - held.from + size);
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

/** The files of a bundle, by names relative to its folder. `strange` has pairs: the name of a file that programs put
 *  there, and the member. */
export class Package {
  constructor(blob, members, strange) {
    Object.assign(this, { blob, members, strange });
    this.sizes = new Map([...members].map(([name, member]) => [name, member.size]));
  }

  /** Hand all bytes of a file to `take`, in order. */
  async each(name, take) {
    await this.eachOf(this.members.get(name), name, take);
  }

  async eachOf({ start, packed, size, method }, name, take) {
    if (!method && packed <= WINDOW) return take(await bytesOf(this.blob, start, packed));
    const slice = this.blob.slice(start, start + packed);
    await (method ? eachInflated(slice, { size, name }, take) : eachPiece(slice, take));
  }

  /** The name and the first bytes, as Latin-1, of each file with a strange name. All bytes are read, because the end of
   *  a compressed file may be damaged. */
  async heads() {
    const found = [];
    for (const [name, member] of this.strange) {
      let head = "";
      await this.eachOf(member, name, (bytes) => (head += latin(bytes.subarray(0, HEAD - head.length))));
      found.push([name, head]);
    }
    return found;
  }

  /** All bytes of a small file. */
  async read(name, most = MAX_DOCUMENT) {
    ensure(this.members.has(name), "missing", { name });
    ensure(this.sizes.get(name) <= most, "too_large", { name });
    const pieces = [];
    await this.each(name, (bytes) => pieces.push(bytes.slice()));
    return joined(...pieces);
  }

  /** Its SHA-256 in hex. Calls `tell` with the number of bytes of each piece. */
  async digest(name, tell = () => {}) {
    const hash = new Sha256();
    await this.each(name, (bytes) => {
      hash.update(bytes);
      tell(bytes.length);
    });
    ensure(hash.size === this.sizes.get(name), "cut_short");
    return hex(hash.digest());
  }
}

/** Unpack a compressed member. It has `size` bytes, and no more are unpacked. */
async function eachInflated(packed, { size, name }, take) {
  const reader = inflated(packed).getReader();
  for (let left = size; ; ) {
    const { value, done } = await unpacked(reader, name);
    if (done) return ensure(left === 0, "zip_shorter", { name });
    left -= value.length;
    ensure(left >= 0, "zip_longer", { name });
    take(value);
  }
}

async function unpacked(reader, name) {
  try {
    const answer = await within(reader.read());
    if (answer !== NONE) return answer;
  } catch (error) {
    if (!/TypeError/.test(String(error.says?.values.error))) throw error;
    throw new Broken("zip_member", { name });
  }
  throw new Stuck("no_answer");
}

/** The stream of what a member unpacks to. It is fed piece by piece, because streams of small files hang in Chromium. */
function inflated(packed) {
  let at = 0;
  const pull = async (source) => {
    const bytes = await wholeOf(packed.slice(at, at + PIECE));
    at += bytes.length;
    if (bytes.length) source.enqueue(bytes);
    if (at >= packed.size) source.close();
  };
  return new ReadableStream({ pull }).pipeThrough(new DecompressionStream("deflate-raw"));
}

function canInflate() {
  try {
    return Boolean(new DecompressionStream("deflate-raw"));
  } catch {
    return false;
  }
}

/** Throws Unread if the file is of another kind, is a ZIP that was cut, or has no bundle in it. */
export async function lookAtZip(blob) {
  const { name } = blob;
  const first = await bytesOf(blob, 0, Math.min(blob.size, 400));
  refuseOtherKinds(first, name);
  const from = Math.max(0, blob.size - ALL16 - 22);
  const end = new TextDecoder("latin1").decode(await bytesOf(blob, from, blob.size - from)).lastIndexOf("PK\x05\x06");
  if (end < 0 || blob.size - from - end < 22) throw notChecked(name, "form_cut");
  const last = viewOf(await bytesOf(blob, blob.size - 22, 22));
  const usual = viewOf(first).getUint32(0, true) === LOCAL && last.getUint32(0, true) === END;
  if (!usual || last.getUint16(20, true)) throw notChecked(name, "form_odd_zip");
  const index = await findIndex(blob);
  const names = namesIn(await bytesOf(blob, index.place, index.size));
  if (names.some((one) => BAG_LISTS.includes(one.split(/[/\\]/).at(-1)))) return;
  throw notChecked(name, names.some((one) => /\.zip$/i.test(one)) ? "form_nested" : "form_no_bundle");
}

/** The names in a ZIP's index, without any check. */
function namesIn(bytes) {
  const [view, found] = [viewOf(bytes), []];
  for (let at = 0; at + 46 <= bytes.length && view.getUint32(at, true) === CENTRAL; ) {
    const [names, extras, comment] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    found.push(latin(bytes.subarray(at + 46, at + 46 + names)));
    at += 46 + names + extras + comment;
  }
  return found;
}

/** Throws Broken unless the blob is a ZIP without duplicates and overlaps. What its end records, its index and the
 *  headers of its members say twice must be the same: programs differ in which they read. */
export async function openZip(blob) {
  const index = await findIndex(blob);
  const packed = readIndex(await bytesOf(blob, index.place, index.size), index.count);
  const unpacked = packed.reduce((sum, { size }) => sum + size, 0);
  if (unpacked > MOST_UNPACKED + 200 * blob.size) throw notChecked(blob.name, "form_bomb");
  if (packed.some(({ method }) => method) && !canInflate()) throw notChecked(blob.name, "form_no_inflate");
  await checkOrder(blob, packed, index.place);
  const members = asPaths(packed);
  const top = folderOfBundle(members, blob.name);
  const folded = new Set(members.map(({ fullName }) => fullName.replace(/\/+$/, "").toLowerCase()));
  ensure(folded.size === members.length, "zip_twice");
  const files = members.filter((one) => !isFolder(one)).map((one) => [besideOrInside(one.fullName, top), one]);
  const strange = files.filter(([name]) => isStrange(name)).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return new Package(blob, new Map(files.filter(([name]) => !isStrange(name))), strange);
}

/** The members with their names as other programs write them: with slashes, where all have backslashes (Windows
 *  PowerShell 5), and without "./", where all begin with it (tar). */
function asPaths(members) {
  const named = members.some(({ fullName }) => fullName.includes("/"))
    ? members
    : members.map((one) => ({ ...one, fullName: one.fullName.replaceAll("\\", "/") }));
  if (!named.every(({ fullName }) => fullName.startsWith("./"))) return named;
  return named.filter(({ fullName }) => fullName !== "./").map((one) => ({ ...one, fullName: one.fullName.slice(2) }));
}

/** The folder of the ZIP that has the bundle's files, with a slash at its end; "" if they are in none. Throws Broken for
 *  names that no program should unpack, and Unread if there is more than one bundle. */
function folderOfBundle(members, zip) {
  const files = members.filter((one) => !isFolder(one)).map(({ fullName }) => fullName);
  const tops = files.filter((one) => BAG_LISTS.includes(one.split("/").at(-1))).map(topOf);
  const top = tops.reduce((least, one) => (one.length < least.length ? one : least), tops[0] ?? "");
  let beside = false;
  for (const { fullName } of members) {
    const [folder, name] = [isFolder({ fullName }), besideOrInside(fullName, top)];
    const [path, ours] = [folder ? fullName.slice(0, -1) : fullName, fullName.startsWith(top)];
    const good = isStrange(name) || (ours && !folder ? mayBeOfBundle(name) : isHarmless(path));
    ensure(good, "zip_name", { name: fullName.slice(0, 200) });
    beside ||= !ours && !folder && !isStrange(name);
  }
  ensure(!top || isHarmless(top.slice(0, -1)), "zip_name", { name: top.slice(0, 200) });
  if (!tops.every((one) => one.startsWith(top))) throw notChecked(zip, "form_several");
  if (beside) throw notChecked(zip, "form_beside");
  return top;
}

function topOf(path) {
  return path.slice(0, path.lastIndexOf("/") + 1);
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
    const numbers = widened({ size, packed, header }, extraFields(bytes.subarray(extraAt, at), fullName, false), name);
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
 *  hide bytes. Info-ZIP's "Unicode path" must repeat the name. */
function extraFields(bytes, fullName, isLocal) {
  const [view, found, name] = [viewOf(bytes), new Map(), fullName.slice(0, 200)];
  let at = 0;
  while (at < bytes.length) {
    ensure(at + 4 <= bytes.length, "zip_extra", { name });
    const [kind, size] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    const body = bytes.subarray(at + 4, at + 4 + size);
    at += 4 + size;
    const known = (kind === UNICODE_PATH && repeats(body, fullName)) || isUsual(kind, body, isLocal);
    ensure(at <= bytes.length && !found.has(kind) && known, "zip_extra", { name });
    found.set(kind, body);
  }
  return found;
}

/** Whether a "Unicode path" is of version 1 and has the CRC of the name, and the name again. */
function repeats(body, fullName) {
  const name = Uint8Array.from(fullName, (letter) => letter.charCodeAt(0));
  const sum = body.length > 5 ? viewOf(body).getUint32(1, true) : 0;
  return body[0] === 1 && sum === crcOf(name) && latin(body.subarray(5)) === fullName;
}

function crcOf(bytes) {
  let sum = ALL32;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

/** Whether an extra field has a form that ZIP programs write: times (Info-ZIP, NTFS), owners, the mark of jar. */
function isUsual(kind, body, isLocal) {
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
  const extra = extraFields(rest.subarray(names), fullName, true);
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
  const [wideSize, widePacked] = wide ? [0, 8].map((place) => whole(viewOf(extra.get(WIDE)), place)) : [size, packed];
  const isUnsaid = (!wideSize && !widePacked) || (wideSize === size && widePacked === packed);
  const nothingSaid = [14, 18, 22].every((place) => !view.getUint32(place, true));
  if (later && method === 0 && nothingSaid && isUnsaid) throw notChecked(name, "form_no_size");
  ensure(agrees && sizes && sum, "zip_two_ways", { name });
  const start = header + 30 + names + extras;
  const behind = end - start - packed;
  ensure(behind >= 0 && behind <= 24 && Boolean(behind) === later, "zip_overlap");
  if (later) checkDescriptor(await bytesOf(blob, end - behind, behind), member, wide);
  const nothing = !isFolder(member) || !packed || (await bytesOf(blob, start, packed)).join() === NOTHING.join();
  ensure(nothing, "zip_full_folder", { name });
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
  return /[/\\]$/.test(fullName);
}

/** Check what the index says of one member. The upper half of `attributes` is the Unix mode, the lower half has the DOS
 *  attributes. */
function checkMember(member, needs, attributes) {
  const { fullName, flags, method, size, packed, crc } = member;
  const [name, mode, folder] = [fullName.slice(0, 200), attributes >>> 16, isFolder(member)];
  if (flags & 1) throw notChecked(name, "form_locked");
  if (![0, 8].includes(method) || flags & ~FLAGS || needs > NEWEST) throw notChecked(name, "form_unusual");
  ensure(method || size === packed, "zip_two_sizes", { name });
  const empty = !size && !crc && [0, ...(method ? [NOTHING.length] : [])].includes(packed);
  ensure(!folder || empty, "zip_full_folder", { name });
  const [kinds, dos] = folder ? [[0, 4], NOT_A_FILE & ~0x10] : [[0, 8], NOT_A_FILE];
  ensure(kinds.includes(mode >> 12) && !(mode & SET_ID) && !(attributes & dos), "zip_link", { name });
}
