// The names that files of a bundle may have, and those of files that the reader's own programs put beside them.
const SAFE = /^[A-Za-z0-9_-][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/;
export const BAG_LISTS = ["bagit.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"];
// What macOS, Windows, Android, KDE, Office, WPS, LibreOffice, vim and the commands of earlier VERIFY.txt leave behind: a
// name, and how a file of that name begins. The same as in holdfast_verify.py: a test compares them. No such name is one
// that a reader would open as a document or start as a program; what begins in another way is not of these programs.
export const DROPPINGS = [
  [String.raw`(?:.*/)?\.DS_Store`, String.raw`\x00\x00\x00\x01Bud1`],
  [String.raw`(?:.*/)?\._[^/]*`, String.raw`\x00\x05\x16\x07`],
  [String.raw`(?:.*/)?(?:eh)?thumbs\.db`, String.raw`\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1`],
  [
    String.raw`(?:.*/)?desktop\.ini`,
    String.raw`(?:\xff\xfe)?[\x00\t\r\n ]*\[\x00?(?:\.\x00?S|L\x00?o|V\x00?i|D\x00?e|\{)`,
  ],
  [String.raw`(?:.*/)?[^/]+:Zone\.Identifier`, String.raw`\[ZoneTransfer\]`],
  [String.raw`(?:.*/)?\.[^/]*\.sw[a-p]`, String.raw`b0VIM\x20`],
  [String.raw`(?:.*/)?\.directory`, String.raw`\[(?:Dolphin|Desktop\x20Entry)\]`],
  [String.raw`(?:.*/)?(?:~\$|\.~(?!lock\.))[^/]*`, String.raw`[\x01-\x36][\x00-\xff]{54,199}(?![\x00-\xff])`],
  [String.raw`(?:.*/)?\.~lock\.[^/]*#`, String.raw`(?:[^,;\n]*,){4}[^,;\n]*;(?![\x00-\xff])`],
  [String.raw`(?:.*/)?(?:\.(?:nomedia|localized)|icon(?:\r|\uf00d|\xef\x80\x8d))`, String.raw`(?![\x00-\xff])`],
  [String.raw`(?:.*/)?@eaDir/(?:.*/)?[^/]*@Syno(?:EAStream|Resource)`, String.raw`\x00\x05\x16\x07`],
  [
    String.raw`(?:.*/)?\.fseventsd/(?:[0-9a-f]{16}|fseventsd-uuid)`,
    String.raw`\x1f\x8b|[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}`,
  ],
  [String.raw`ROOTS/[^/]*\.(?:pem|cer|crt|der)`, String.raw`0\x82|[\x00-\xff]*?-----BEGIN\x20CERTIFICATE-----`],
  [String.raw`(?:ROOTS/[^/]*|ledger)\.vkey`, String.raw`[^+\n]+\+[0-9a-f]{8}\+[A-Za-z0-9+/=]+`],
  [String.raw`(?:work/)?key\.raw`, String.raw`[\x00-\xff]{32}(?![\x00-\xff])`],
  [String.raw`(?:work/)?key\.der`, String.raw`0\*0\x05\x06\x03\+ep\x03!\x00[\x00-\xff]{32}(?![\x00-\xff])`],
  [String.raw`(?:work/[a-z-]+|checkpoint)\.sig`, String.raw`[\x00-\xff]{64}(?![\x00-\xff])`],
  [
    String.raw`work/[a-z-]+(?:\.txt)?|checkpoint\.txt`,
    String.raw`\{"(?:at|entry)":|holdfast-(?:export|receipt)/1\n\{|[^\n{]+\n[0-9]+\n[A-Za-z0-9+/]{43}=\n`,
  ],
];
// Names that only programs give: hidden files and folders, thumbnails, unfinished downloads, drafts, things thrown
// away. Anything could be in such a file. So it is neither evidence nor an accusation.
export const OF_PROGRAMS = [
  String.raw`(?:.*/)?[.~@$#][^/]*(?:/.*)?`,
  String.raw`(?:.*/)?(?:__MACOSX|RECYCLER|System\x20Volume\x20Information|lost\+found)/.*`,
  String.raw`(?:.*/)?(?:(?:eh)?thumbs\.db|desktop\.ini|picasa\.ini|icon(?:\r|\uf00d|\xef\x80\x8d)|[^/]+:Zone\.Identifier)`,
  String.raw`(?:.*/)?[^/]+(?:~|\.(?:bak|wbk|tmp|temp|part|partial|crdownload|opdownload|download|downloading|aria2|td|xltd))`,
].join("|");
const BY_PROGRAMS = new RegExp(`^(?:${OF_PROGRAMS})$`, "i");
const LEFT_BEHIND = DROPPINGS.map(([name, begins]) => [new RegExp(`^(?:${name})$`, "i"), new RegExp(`^(?:${begins})`)]);
export const HEAD = 4096; // bytes of a strange file that are looked at
const ZONE = ":Zone.Identifier"; // of a file from the internet, where a Windows folder was copied into a Linux one
const COPIED = /^(?:[A-Za-z0-9_-][A-Za-z0-9._-]*\/)*[A-Za-z0-9_-][^/]*$/; // "E-001 - Copy.png", in any language
const HARMLESS = /^[^\\:*?"<>|\x00-\x1f]{1,200}$/; // a name without letters that a name cannot have

export function isPlain(name) {
  return SAFE.test(name) && name.length <= 200;
}

/** Whether each program that unpacks a ZIP would write the path as it is, and inside its folder. */
export function isHarmless(path) {
  return HARMLESS.test(path) && !path.split("/").some((part) => ["", ".", ".."].includes(part));
}

/** Whether the name is of a file that a program of the reader put there. No bundle has such a file. */
export function isStrange(name) {
  const end = [ZONE, "\r"].find((one) => name.endsWith(one)) ?? "";
  const plain = name.slice(0, name.length - end.length);
  return isHarmless(plain) && (BY_PROGRAMS.test(name) || LEFT_BEHIND.some(([one]) => one.test(name)));
}

/** Whether only programs give such names, so that what is in the file is nobody's word. */
export function isOfPrograms(name) {
  return BY_PROGRAMS.test(name);
}

/** Whether a file of a strange name begins as those do that programs leave, or is empty. `head` is Latin-1. */
export function isDropping(name, head) {
  return !head || LEFT_BEHIND.some(([one, begins]) => one.test(name) && begins.test(head));
}

/** Whether the name could be of a copy that a file manager made, which has the bytes of another file. */
export function mayBeCopy(name) {
  return HARMLESS.test(name) && COPIED.test(name);
}

/** Whether a file of a bundle, or one that programs put into it, may have the name. */
export function mayBeOfBundle(name) {
  return isPlain(name) || mayBeCopy(name) || isStrange(name);
}

/** The name of a file relative to the bundle's folder `top`, or to the folder around it. */
export function besideOrInside(path, top) {
  const around = top.slice(0, top.replace(/\/+$/, "").lastIndexOf("/") + 1);
  if (path.startsWith(top)) return path.slice(top.length);
  return path.startsWith(around) ? path.slice(around.length) : path;
}
