// What has a place in a bundle or receipt: which fields, which endings. Nothing else may be added to them.
import { ensure } from "./broken.js";

// The tables below are those of holdfast_verify.py: a test compares them.
export const RECEIPT_FIELDS = [
  ...["format", "reference", "case", "filed_at", "issued_at", "language", "statement", "reporter"],
  ...["files", "authorities", "ledger", "signature"],
];
export const LATER_RECEIPT_FIELDS = ["anchors", "papers"]; // not in a receipt of filing
export const FILE_FIELDS = ["exhibit", "item", "name", "size", "media_type", "sha256", "received_at", "timestamps"];
export const TOKEN_FIELDS = ["authority", "gen_time", "sha256"];
export const ANCHOR_FIELDS = ["authority", "gen_time", "note", "query", "response", "root"];
export const EXPORT_FIELDS = [
  ...["format", "reference", "case", "manifest", "ledger_size", "audience", "made_at", "withheld"],
  ...["authorities", "signature"],
];
export const LATER_EXPORT_FIELDS = ["masked", "left_out"]; // only where something is masked or left out
export const AUDIENCES = ["borrower", "office", "legal_aid", "court", "complaint", "regulator", "police"];
export const BAG_FIELDS = ["External-Identifier", "Bagging-Date", "Payload-Oxum"];
export const LATER_BAG_FIELDS = ["External-Description", "Source-Organization"]; // the second only in old bundles
export const BAG_DESCRIPTION = "Holdfast case bundle, version 1";
const ownEnding = (type, kinds) => Object.fromEntries(kinds.map((kind) => [`${type}/${kind}`, kind]));
export const ENDINGS = { // media type of an original -> ending of its file's name
  ...ownEnding("audio", ["aac", "aiff", "amr", "flac", "ogg", "silk", "wav"]),
  ...{ "audio/amr-wb": "awb", "audio/basic": "au", "audio/mp4": "m4a", "audio/mpeg": "mp3", "audio/webm": "weba" },
  ...{ "audio/3gpp": "3gp", "audio/3gpp2": "3g2", "audio/vnd.rn-realaudio": "ra", "audio/x-pn-realaudio": "rm" },
  ...{ "audio/x-ape": "ape", "audio/x-caf": "caf", "audio/x-matroska": "mka", "audio/x-ms-wma": "wma" },
  ...{ "audio/x-wavpack": "wv", "video/mp4": "mp4", "video/quicktime": "mov", "video/webm": "webm" },
  ...{ "video/3gpp": "3gp", "video/3gpp2": "3g2", "video/mp2t": "ts", "video/mpeg": "mpg", "video/ogg": "ogv" },
  ...{ "video/vnd.rn-realmedia": "rm", "video/x-flv": "flv", "video/x-matroska": "mkv" },
  ...{ "video/x-ms-wmv": "wmv", "video/x-msvideo": "avi" },
  ...ownEnding("image", ["avif", "bmp", "gif", "heic", "heif", "jp2", "jxl", "png", "webp"]),
  ...{ "image/jpeg": "jpg", "image/tiff": "tif" },
  ...{ "application/pdf": "pdf", "application/ofd": "ofd", "message/rfc822": "eml" },
  ...{ "text/csv": "csv", "text/plain": "txt" },
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
};
export const COPY_ENDINGS = { // kind of a copy for viewing -> ending
  ...{ sound: "m4a", video: "mp4", picture: "webp", page: "webp", transcript: "txt", text: "txt", table: "txt" },
};
export const SCHEMA = "case.schema.json";
export const EXPORT = "proofs/export.json";
export const FIRST_SCHEMAS = [ // of portals whose later receipts had no proofs from bundles
  "d18fc456d4a71e023b203eb5b1c82b53e3054b28a2b0bcc31e6cde7b6426b8e8",
  "689ddb25aacef18ef481e0e74649017c1dcee8d3dc612b78a3be421e5e601786",
];
export const SCHEMAS = [ // SHA-256 of each version of case.schema.json that portals give out
  ...FIRST_SCHEMAS,
  "5f837e971a4ef5a877889761aab1743646b1d8de601d9af85f005a4832f57a9b",
  "6dbc0cf6f4cb3132821d9baaa8899d8b22f64874818b8ed752898b3f2cf4d37c",
  "f726d292a8e806b0bd52793415421332b6d163a9b959aa1e6e2223b5384ab82c",
];
export const DESCRIBES = ["statement", "message", "response"]; // documents that describe the exhibits they came with

/** Whether the object has all of these fields and no others, except that it may have those of `may`. */
export function hasFields(document, needed, may = []) {
  const there = document !== null && typeof document === "object" ? Object.keys(document) : [];
  return needed.every((name) => there.includes(name)) && there.every((name) => [...needed, ...may].includes(name));
}

/** Throws Broken unless it has, so that nothing can be added to a paper. */
export function checkFields(document, needed, what, may) {
  ensure(hasFields(document, needed, may), "other_fields", { what });
}
