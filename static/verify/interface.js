// The words of the page, [English, Chinese], and its formats for sizes and times.

export const INTERFACE = {
  subject: ["What do you want to check?", "要核验什么？"],
  subject_help: [
    "A receipt (receipt.json), a case bundle (.zip), or any file, to see whether it is in one of them.",
    "回执（receipt.json）、证据包（.zip），或任何文件，看它是否在其中。",
  ],
  nothing_sent: [
    "It is read on this device, in this page. Nothing is uploaded.",
    "只在这台设备上、在本页里读取，不上传任何内容。",
  ],
  choose: ["Choose files", "选择文件"],
  or_drop: ["or drop them here", "或拖放到这里"],
  held: ["Have you kept something else?", "您以前另外保存过什么？"],
  held_help: [
    "A receipt, checkpoint or older bundle that was kept, the ledger’s key, or the root certificates of the timestamp" +
      " authorities (.pem, .cer, .crt). A bundle can show that it fits together; only what you hold can show that it" +
      " was not made up as a whole.",
    "早先留存的回执、检查点或证据包，存证账本公钥，或时间戳机构的根证书（.pem、.cer、.crt）。证据包自己只能证明前后一致；有外来凭据，才能证明它不是整个另造的。",
  ],
  choose_held: ["Choose what you kept", "选择留存的凭据"],
  key: ["The ledger’s key, if you have it", "存证账本公钥（如有）"],
  key_help: ["One line, name+number+letters", "一行：名称+编号+字母"],
  one_step_more: [
    "One step more: check it with the key that this site publishes at {address}. That shows that this site signed it," +
      " and that it was not changed since. It cannot show what the site itself may have done: for that, compare with a" +
      " key that you have from somewhere else.",
    "还差一步：用本站在 {address} 公布的公钥核验。这能说明是本站签的名，签名以后没有被改过；但不能说明本站自己做过什么。要查这一点，请用从别处得到的公钥比对。",
  ],
  check_published: ["Check with the published key", "用公布的公钥核验"],
  use_published: ["Use the key and the roots that this site publishes", "使用本站公布的公钥和根证书"],
  published: [
    "They show that this site signed it, and which authorities this site names. They cannot show what this site" +
      " itself may have changed.",
    "这些只能说明是本站签的名、本站写明了哪些时间戳机构，不能说明本站自己有没有改过。",
  ],
  witnesses: ["Keys of witnesses, if you have any", "见证方公钥（如有）"],
  witnesses_help: [
    "Witnesses are people outside, such as an NGO, who look at the ledger each day and sign what they saw. Get a key" +
      " from each of them, not from this site. One key a line.",
    "见证方是本站以外的人，比如公益机构：他们每天查看存证账本，并对看到的内容签名。公钥要向见证方本人索取，不要用本站给的。每行一个。",
  ],
  quorum: ["How many of them must have seen it?", "至少要有几个见证方见过？"],
  quorum_help: ["Leave it empty for all of them.", "不填就是全部。"],
  remove: ["Remove {name}", "移除 {name}"],
  remove_short: ["Remove", "移除"],
  kind_bundle: ["case bundle", "证据包"],
  kind_receipt: ["receipt", "回执"],
  kind_note: ["checkpoint", "检查点"],
  kind_key: ["ledger key", "存证账本公钥"],
  kind_packed: ["packed or encrypted file", "压缩或加密的文件"],
  kind_root: ["root certificate", "根证书"],
  kind_other: ["file to look for", "要查找的文件"],
  cannot_read: [
    "{name} cannot be read. A folder cannot be checked here: choose the ZIP itself.",
    "{name} 读不出来。这里不能核验文件夹，请选择 ZIP 本身。",
  ],
  checking: ["Checking", "正在核验"],
  doing: ["Reading {name}: {done} of {total}", "正在读取 {name}：{done} / {total}"],
  stop: ["Stop", "停止"],
  stalled: [
    "The browser did not hand over the file’s bytes for ten seconds. They are being asked for again; please wait.",
    "浏览器有十秒没有交出文件内容，正在重新读取，请稍候。",
  ],
  quiet: [
    "Nothing has come for half a minute. Wait a little if the file is large or the device is busy. Otherwise press" +
      " Stop, close other tabs, and choose the file again; or use holdfast_verify.py.",
    "半分钟没有进展。文件很大或设备很忙时请再等等；否则请按“停止”，关掉别的标签页，再选一次文件，或改用 holdfast_verify.py。",
  ],
  stopped: ["Stopped. Nothing is said of what was not read.", "已停止。没有读到的部分不作结论。"],
  verified: ["Verified", "已核实"],
  verified_but_stamps: ["Verified, timestamps not checked here", "已核实，但这里没有核验时间戳"],
  incomplete: ["Verified, but not complete", "已核实，但不完整"],
  incomplete_but_stamps: [
    "Verified, but not complete; timestamps not checked here",
    "已核实，但不完整；这里没有核验时间戳",
  ],
  unreadable: ["Not checked", "未核验"],
  broken: ["Broken", "核验不通过"],
  self: ["Self-consistent only", "前后一致，还差一步"],
  verified_says: [
    "Nothing was altered, removed or added, as far as what you hold can tell.",
    "就您手里的凭据而言，没有改动、缺失或添加。",
  ],
  verified_says_less: [
    "Nothing here was altered or added, as far as what you hold can tell. The notes say what is masked or left out.",
    "就您手里的凭据而言，这里的内容没有改动或添加。遮盖和未收入的内容见下面的说明。",
  ],
  incomplete_says: [
    "What is here was not altered, as far as what you hold can tell. But originals are missing: the notes say which," +
      " and why.",
    "就您手里的凭据而言，这里的内容没有改动。但缺少原件：缺哪些、为什么，见下面的说明。",
  ],
  unreadable_says: ["{says}. Nothing is said of what is in it.", "{says}。对其中的内容不作结论。"],
  broken_says: ["The first broken link is “{title}”: {says}", "第一处断点是“{title}”：{says}"],
  self_says: [
    "Everything fits together, but {doubts}. Get the ledger’s key and the roots, or an earlier receipt, from" +
      " somewhere else than this file, and add it above.",
    "前后一致，但{doubts}。请从这份文件以外的地方取得存证账本公钥和根证书，或早先的回执，加到上面。",
  ],
  and: [" and ", "，而且"],
  checks: ["What was checked", "检查了什么"],
  utc: [
    "Times that end in Z, and days, are in UTC.",
    "以 Z 结尾的时间和日期都是世界协调时（UTC）；加 8 小时就是北京时间。",
  ],
  holds: ["holds", "成立"],
  breaks: ["broken", "不成立"],
  not_read: ["not checked", "未核验"],
  exhibits: ["The exhibits", "证据"],
  received: ["received {at}", "收到于 {at}"],
  stamped: ["timestamp {at} by {authority}", "时间戳 {at}，{authority}"],
  stamped_left: ["timestamp {at} by {authority}, not checked here", "时间戳 {at}，{authority}（未在此核验）"],
  no_stamp: ["waiting for the timestamp", "等待时间戳"],
  whole_digest: ["SHA-256 in full", "完整 SHA-256"],
  files: ["Every file and its digest ({count})", "全部文件及摘要（{count}）"],
  more: ["… and {count} more", "……另有 {count} 个"],
  altered: ["altered", "被改动"],
  looked: ["Your files", "您的文件"],
  is_in: ["{name} is {found} of {reference}: the same bytes.", "{name} 就是 {reference} 的 {found}：字节相同。"],
  is_not_in: [
    "{name} is not in it. A file that was opened and saved again, or sent through a messenger, has other bytes.",
    "{name} 不在其中。重新保存过、或经聊天软件转发过的文件，字节会不同。",
  ],
  is_alone: [
    "Add a receipt or a bundle to see whether {name} is in it.",
    "再加一份回执或证据包，就能看到 {name} 是否在其中。",
  ],
  is_in_broken: [
    "What it was looked for in does not hold together (above): that says little.",
    "所比对的那一份本身核验不通过（见上），这一结果意义不大。",
  ],
  title_package: ["The bundle", "证据包"],
  title_files: ["Files and lists", "文件与清单"],
  title_key: ["The key", "公钥"],
  title_export: ["The signed list", "签名的清单"],
  title_checkpoint: ["The checkpoint", "检查点"],
  title_entries: ["Ledger entries", "存证账本记录"],
  title_thread: ["The case’s history", "本案经过"],
  title_documents: ["Documents", "文书"],
  title_originals: ["Originals", "原件"],
  title_copies: ["Copies for viewing", "供查看的副本"],
  title_witnesses: ["Witnesses", "见证方"],
  title_anchors: ["Stamped checkpoints", "加盖时间戳的检查点"],
  title_timestamps: ["Timestamps", "时间戳"],
  title_custody: ["The custody table", "保管记录"],
  title_case: ["case.json", "case.json"],
  title_receipt: ["The receipt", "回执"],
  title_roots: ["The key and the roots you hold", "您手里的公钥和根证书"],
  title_kept: ["What you kept: {name}", "您留存的 {name}"],
  title_against: ["Held against {name}", "与 {name} 比对"],
};

export function size(bytes) {
  const [unit, name] = [[1e9, "GB"], [1e6, "MB"], [1e3, "KB"], [1, "B"]].find(([least]) => bytes >= least) ?? [1, "B"];
  return `${(bytes / unit).toLocaleString("en", { maximumFractionDigits: unit > 1 ? 1 : 0 })} ${name}`;
}

/** A ledger time in the reader's time zone, with the zone's name in words. */
export function time(text, language) {
  const moment = new Date(text);
  if (isNaN(moment)) return String(text);
  const locale = language === "zh" ? "zh-CN" : "en-GB";
  const shown = moment.toLocaleString(locale, { dateStyle: "long", timeStyle: "medium" });
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: "long" }).formatToParts(moment);
  const zone = parts.find(({ type }) => type === "timeZoneName").value.replace("中国标准时间", "北京时间");
  return language === "zh" ? `${shown}（${zone}）` : `${shown} (${zone})`;
}
