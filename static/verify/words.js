// Every sentence of the verifier, [English, Chinese]. The English ones are those of holdfast_verify.py.
import { TOKEN_WORDS } from "./token_words.js";

export const NAMES = {
  a_consistency_proof: ["a consistency proof", "一份一致性证明"],
  a_copy: ["a copy", "一份供查看的副本"],
  a_masked_copy: ["a masked copy", "一份遮盖件"],
  a_document: ["a document", "一份文书"],
  a_gap: ["a gap", "一处遮盖"],
  a_file_of_the_receipt: ["a file of the receipt", "回执里的一个文件"],
  a_timestamp_of_the_receipt: ["a timestamp of the receipt", "回执里的一个时间戳"],
  an_exhibit_of_document: ["an exhibit of a document", "一份文书里的一份证据"],
  a_ledger_entry: ["a ledger entry", "一条存证账本记录"],
  a_ledger_key: ["a ledger key", "存证账本公钥"],
  a_witness_key: ["a witness's key", "见证方公钥"],
  a_former_mark: ["the signature of a former key", "先前密钥的签名"],
  a_mark: ["a signature of the checkpoint", "检查点的一个签名"],
  a_seal: ["a seal", "一次封存"],
  a_stamped_checkpoint: ["a stamped checkpoint", "一个加盖时间戳的检查点"],
  an_authority: ["an authority", "一家时间戳机构"],
  an_exhibit: ["an exhibit", "一份证据"],
  an_exhibit_of_case: ["an exhibit of data/case.json", "data/case.json 里的一份证据"],
  checkpoint_of: ["the checkpoint of {size} entries", "{size} 条时的检查点"],
  entry_of_kind: ["ledger entry {index} ({kind})", "存证账本第 {index} 条（{kind}）"],
  ledger_entry: ["ledger entry {index}", "存证账本第 {index} 条"],
  parts_left_out: [
    "ledger entry {index} leaves out its document's parts, told since entry {since}",
    "存证账本第 {index} 条没有记下文书的各部分，而自第 {since} 条起都有记录",
  ],
  parts_told: ["what ledger entry {index} says of a document's parts", "存证账本第 {index} 条所记的文书各部分"],
  proof_of_masked: ["what proves a masked document", "遮盖件的证明"],
  proof_of_entry: ["the proof of entry {index}", "第 {index} 条的证明"],
  the_complaint: ["the complaint", "投诉"],
  the_witnessed: ["the list of checkpoints that witnesses cosigned", "见证方联署的检查点名单"],
  the_authorities: ["the list of authorities", "时间戳机构名单"],
  the_export: ["the export", "导出说明"],
  the_ledger: ["the ledger", "存证账本"],
  the_proof: ["the proof", "这份证明"],
  the_receipt: ["the receipt", "回执"],
  the_statement: ["the statement", "陈述"],
  the_root: ["the checkpoint's root", "检查点的根"],
  the_signature: ["the signature of {what}", "{what} 的签名"],
};

// What an entry that a deadline or a right can hang on is called; the same in holdfast_verify.py.
export const ACTS = {
  "act_case.begun": ["the start of the investigation", "开始调查"],
  "act_case.closed": ["the closing of the case", "结案"],
  "act_case.decided": ["the decision", "决定"],
  "act_case.proposed": ["a proposed decision", "拟定的决定"],
  "act_case.referred": ["a referral", "移送"],
  "act_case.reopened": ["the reopening", "重新开启"],
  "act_case.replied": ["the reply", "答复"],
  "act_case.sent_back": ["a proposal that was sent back", "退回的拟定决定"],
  "act_case.withdrawn": ["the end by withdrawal", "因撤回而终结"],
  "act_clock.extended": ["an extension of time", "延期"],
  "act_clock.extension_asked": ["the request for more time", "申请延期"],
  "act_clock.extension_declined": ["the refusal of an extension", "不予延期"],
  "act_clock.overdue": ["a missed deadline", "逾期"],
  "act_consent.given": ["a consent", "同意"],
  "act_consent.withdrawn": ["the end of a consent", "收回同意"],
  "act_enquiry.answered": ["the answer to an enquiry", "对问询的答复"],
  "act_enquiry.sent": ["an enquiry", "问询"],
  "act_evidence.added": ["added evidence", "补充证据"],
  "act_finding.made": ["a finding", "认定"],
  "act_measure.ended": ["the end of a measure", "措施终止"],
  "act_measure.ordered": ["a measure", "措施"],
  "act_message.written": ["a message", "消息"],
  "act_note.written": ["a note of the office", "办案备注"],
  "act_question.answered": ["the answer to a question", "对提问的回答"],
  "act_question.asked": ["a question", "提问"],
  "act_addendum.added": ["an addition", "补充陈述"],
  "act_redress.ended": ["the outcome of a promise", "承诺的结果"],
  "act_redress.promised": ["a promise of redress", "补救承诺"],
  "act_reporter.changed": ["a change of the contact details", "联系方式变更"],
  "act_retaliation.reported": ["a report of retaliation", "报复情况的反映"],
  "act_review.asked": ["the request for a review", "申请复核"],
  "act_withdrawal.asked": ["the wish to withdraw", "申请撤回"],
  "act_withdrawal.declined": ["the refusal of the withdrawal", "不予撤回"],
  "act_withdrawal.taken_back": ["the end of the wish to withdraw", "取消撤回"],
};

const DATES = {
  act_dated: ["{act} (entry {index}, {on})", "{act}（第 {index} 条，{on}）"],
  acts_undated: [
    "only the portal says when these were written: {rest}",
    "下列内容写于何时，只有本站的说法：{rest}",
  ],
  acts_undated_but: [
    "only the portal says when these were written: {rest}; an authority dates {vouched}",
    "下列内容写于何时，只有本站的说法：{rest}；有时间戳机构证明日期的是：{vouched}",
  ],
  dated_late: [
    "{what} is said to have come on {claimed}, but was first stamped on {first}",
    "据称{what}于 {claimed} 收到，但最早的时间戳是 {first}",
  ],
  dated_hours: [
    "only the portal says that {what} came at {claimed}: it was first stamped at {first}",
    "说{what}于 {claimed} 收到，只有本站的说法：最早的时间戳是 {first}",
  ],
  acts_to_the_day: [
    "stamped within a day, but not within hours, so only the portal says at what hour: {acts}",
    "下列内容当天加盖了时间戳，但不是几小时之内，写于几时只有本站的说法：{acts}",
  ],
  dated_never: [
    "no authority has dated {what}: that it came on {claimed} is the portal's word",
    "没有时间戳机构证明{what}的时间：说它于 {claimed} 收到，只有本站的说法",
  ],
  entry_after_stamp: [
    "{what}, but the ledger was stamped at {at} without it: it is back-dated",
    "{what}，但存证账本在 {at} 加盖时间戳时还没有它：日期被倒填",
  ],
  entry_before_stamp: [
    "{what}, but a timestamp of {at} was there before it: it is back-dated",
    "{what}，但在它之前已有 {at} 的时间戳：日期被倒填",
  ],
  entry_dated: ["ledger entry {index} ({kind}) says {at}", "存证账本第 {index} 条（{kind}）写的时间是 {at}"],
  entry_falls_behind: [
    "{what}, but {newest} and was written before it: one is false",
    "{what}，但写在它之前的{newest}：两个时间里有一个是假的",
  ],
  own_date: [
    "{name} says that it was written at {at}, but {entry} and was made with it: one is false",
    "{name} 写明作于 {at}，但与它同时写下的{entry}：两个时间里有一个是假的",
  ],
  own_date_moved: [
    "{name} says that it was written at {own}, but its ledger entry {at}: a clock was wrong",
    "{name} 写明作于 {own}，而它的存证账本条目写的是 {at}：平台的时钟曾经不准",
  ],
  made_before: [
    "{what} says that it was made at {at}, but {newest} and is in it: one is false",
    "{what}写明作于 {at}，但其中的{newest}：两个时间里有一个是假的",
  ],
  to_come: [
    "{what} says {at}, which is still to come by the clock of this computer",
    "{what}写的时间是 {at}，而按这台电脑的时钟那一刻还没有到",
  ],
};

const FORMATS = {
  cut_short: ["the file ended before all of it was read", "文件没有读完就中断了"],
  gap_count: ["a gap hides nothing, or more than a document has", "有一处遮盖什么也没遮，或遮得比一份文书还多"],
  gap_mark: ["a gap is not marked as gaps are", "有一处遮盖没有按规定标明"],
  too_many_words: [
    "the documents are so long together that checking them would take too long",
    "文书合起来太长，核验会花太多时间",
  ],
  json_many: ["{what} has too many parts to be genuine", "{what} 的组成部分太多，不会是真的"],
  json_bad: ["{what} is not readable JSON", "{what} 不是可读的 JSON"],
  json_deep: ["a JSON document holds broken characters or is nested too deeply", "JSON 里有残缺字符，或嵌套过深"],
  json_fraction: ["{what} holds a fraction", "{what} 里有小数"],
  json_large: ["{what} holds a number that is too large", "{what} 里有过大的数"],
  json_object: ["{what} is not a JSON object", "{what} 不是 JSON 对象"],
  json_twice: ["this is damaged, or was not made by the portal ({what} names a key twice)", "这已损坏，或不是由平台生成的（{what} 里有重复的键）"],
  json_value: ["a JSON value is neither text nor a whole number", "JSON 里有既非文字也非整数的值"],
  key_change_forged: [
    "the change of the ledger's key in entry {index} is not signed with the former key",
    "存证账本第 {index} 条所记的密钥更换，没有先前那把密钥的签名",
  ],
  key_comes_back: ["the ledger goes back to an earlier key", "存证账本又换回了先前的密钥"],
  key_leads_elsewhere: [
    "the change of the ledger's key in entry {index} does not lead to the next key",
    "存证账本第 {index} 条所记的密钥更换，与下一把密钥接不上",
  ],
  key_of_another_ledger: [
    "the ledger's key was changed to that of another ledger",
    "存证账本的密钥换成了另一个存证账本的密钥",
  ],
  key_id: ["{key} does not fit its own id", "{key}与它自己的编号不符"],
  key_malformed: ["{key} is malformed", "{key} 格式不对"],
  key_not_ed25519: ["{key} is not an Ed25519 key", "{key}不是 Ed25519 公钥"],
  key_of_small_order: [
    "{key} is one with which anybody can sign (it is of small order)",
    "{key}是人人都能用来签名的那种（小阶点）",
  ],
  masked_empty: ["a masked document has no words", "一份遮盖件没有内容"],
  no_answer: [
    "the browser did not hand over the file's bytes, though asked three times: copy the file to this device, reload the page and choose it again, or use holdfast_verify.py",
    "浏览器三次都没有交出文件内容：请把文件存到这台设备上，刷新本页再选一次，或改用 holdfast_verify.py",
  ],
  no_read: [
    "the browser cannot read the file ({error}): it was moved or changed, or is not on this device. Choose it again",
    "浏览器读不出这个文件（{error}）：它可能被移走、改动过，或不在这台设备上。请重新选择",
  ],
  no_field: ["{what} has no proper “{name}”", "{what} 缺少正确的“{name}”"],
  no_hashes: ["{what} is not a list of hashes", "{what} 不是摘要列表"],
  no_note: ["this is damaged, or was not made by the portal (the checkpoint is no signed note)", "这已损坏，或不是由平台生成的（检查点不是签名文件）"],
  no_note_mark: ["the checkpoint has a malformed signature line", "检查点的签名行格式不对"],
  no_note_mark_short: ["a signature of the checkpoint is too short", "检查点的一个签名太短"],
  no_note_root: ["the checkpoint's root is not a SHA-256", "检查点的根不是 SHA-256"],
  no_note_size: ["the checkpoint has no size", "检查点没有写明条数"],
  other_fields: ["{what} has other fields than it should have", "{what} 的字段与应有的不同"],
  not_base64: ["{what} is not base64", "{what} 不是 base64"],
  not_canonical: ["this is damaged, or was not made by the portal ({what} is not in its canonical form)", "这已损坏，或不是由平台生成的（{what} 不是规范写法）"],
  not_genuine: ["a document is too long to be genuine", "有一份文书太长，不会是真的"],
  not_sha256: ["{what} is not a SHA-256 in hex", "{what} 不是十六进制的 SHA-256"],
  not_text: ["{what} is not UTF-8 text", "{what} 不是 UTF-8 文本"],
  outside_ledger: ["an entry's place lies outside the ledger", "有一条记录的位置不在存证账本内"],
  proof_long: ["this is damaged, or was not made by the portal (an inclusion proof is too long)", "这已损坏，或不是由平台生成的（一份包含证明过长）"],
  proof_short: ["this is damaged, or was not made by the portal (an inclusion proof is too short)", "这已损坏，或不是由平台生成的（一份包含证明过短）"],
  time_impossible: ["{what} has an impossible time", "{what} 的时间不可能存在"],
  time_malformed: ["{what} has a malformed time", "{what} 的时间格式不对"],
  too_large: ["{name} is too large to be genuine", "{name} 太大，不会是真的"],
  newer_version: [
    "{what} was made by a newer version of the portal than is known here: use that version's own verifier, from the portal or from somebody you trust",
    "{what} 由更新版本的平台生成，本程序还不认识：请用那个版本自己的核验程序，从平台或您信任的人那里取得",
  ],
  unknown_version: ["{what} is of a version not known here", "{what} 的版本本程序不认识"],
  unreadable: ["this is damaged, or was not made by the portal ({error})", "这已损坏，或不是由平台生成的（{error}）"],
};

const ZIP = {
  package_name: ["the package has a file with a forbidden name: {name}", "证据包里有文件名不合规：{name}"],
  zip_comment: [
    "the ZIP has a comment on {name}, or it is on another disk",
    "ZIP 给 {name} 附了注释，或把它放在另一张盘上",
  ],
  zip_longer: ["{name} is longer than the ZIP says", "{name} 比 ZIP 里写的长"],
  zip_shorter: ["{name} is shorter than the ZIP says", "{name} 比 ZIP 里写的短"],
  zip_member: ["{name} is damaged", "{name} 已损坏"],
  zip_count: ["the ZIP is empty, or has too many members to be a bundle", "ZIP 是空的，或文件过多，不会是证据包"],
  zip_damaged: ["the ZIP is damaged", "ZIP 已损坏"],
  zip_extra: [
    "the ZIP adds something to {name} that no bundle needs",
    "ZIP 给 {name} 附加了证据包用不着的内容",
  ],
  zip_full_folder: ["{name} is a folder with content", "{name} 是文件夹，却带有内容"],
  zip_index: ["the ZIP's index is too large to be genuine", "ZIP 的目录太大，不会是真的"],
  zip_name: ["the ZIP has a forbidden name: {name}", "ZIP 里有不合规的文件名：{name}"],
  zip_link: ["{name} is a link or a device, not a file", "{name} 是链接或设备，不是文件"],
  zip_none: ["this is no ZIP, it is cut short, or it has bytes behind its end", "这不是 ZIP，或者不完整，或者末尾之后还有内容"],
  zip_overlap: ["the ZIP's members overlap or hide bytes", "ZIP 里的文件互相重叠，或藏有字节"],
  zip_twice: ["the package has two files of one name", "证据包里有两个同名文件"],
  zip_two_ends: ["the records that end the ZIP contradict each other", "ZIP 末尾的几处记录互相矛盾"],
  zip_two_names: ["the ZIP names a member in two ways", "ZIP 给同一个文件写了两个名字"],
  zip_two_ways: ["the ZIP describes {name} in two ways", "ZIP 对 {name} 有两种说法"],
  zip_two_sizes: ["{name} has two sizes", "{name} 写有两种大小"],
};

const FORMS_IN_WORDS = {
  not_checked: ["{name} cannot be checked: {why}", "{name} 无法核验：{why}"],
  form_pdf: ["it is a PDF, which is the form for paper; take receipt.json, or the bundle's ZIP", "它是 PDF，只供打印；请用 receipt.json 或证据包 ZIP"],
  form_age: ["it is encrypted with age; decrypt it first, and check the ZIP that comes out", "它用 age 加密了；请先解密，再核验解出的 ZIP"],
  form_archive: ["it is an archive of another kind (7z, RAR, tar, gzip …); unpack it, and check what is inside", "它是别的压缩格式（7z、RAR、tar、gzip 等）；请先解压，再核验里面的内容"],
  form_picture: ["it is a picture; take receipt.json, or the bundle's ZIP", "它是图片；请用 receipt.json 或证据包 ZIP"],
  form_edited: ["it was saved in another form, for instance by an editor; get the file as the portal made it", "它被编辑器之类的软件另存过，格式变了；请取得平台给出的原始文件"],
  form_odd_zip: [
    "it is a ZIP with something before or behind it, or a part of one; unpack it, and check the folder",
    "这个 ZIP 的前面或后面还有别的内容，或只是分卷的一部分；请先解压，再核验文件夹",
  ],
  form_no_size: [
    "it was packed without its size; unpack the ZIP, and check the folder",
    "它打包时没有写明大小；请先解压，再核验文件夹",
  ],
  form_cut: ["its end is missing: it was cut; get it again", "它不完整，缺了末尾；请重新取得"],
  form_none: ["it is no receipt, checkpoint or case bundle", "它不是回执、检查点或证据包"],
  form_empty: ["it is empty; get it again", "它是空文件；请重新取得"],
  form_html: ["it is a web page that was saved in place of the file; download the file again", "它是误存的网页，不是那个文件；请重新下载"],
  receipt_saved_anew: [
    "another program saved the receipt anew: what it says is what the portal signed, but its bytes are not those that the portal gave out",
    "别的软件重新保存过这份回执：它的内容就是平台签过的内容，但字节已不是平台给出的原样",
  ],
  form_no_receipt: ["it is no Holdfast receipt", "它不是留证回执"],
  form_rewritten: [
    "another program wrote its numbers anew, with a fraction (1.0 for 1); get the file as the portal made it",
    "别的软件另存过它，把数字改写成了小数（1 写成 1.0）；请取得平台给出的原始文件",
  ],
  form_nested: ["it is a ZIP with another ZIP in it; unpack it, and check the one inside", "它是套着 ZIP 的 ZIP；请先解压，再核验里面那个"],
  form_several: ["there are several case bundles in it; unpack it, and check each one", "里面有不止一个证据包；请先解压，再逐个核验"],
  form_beside: ["there are other files beside the bundle; unpack it, and check the bundle's folder", "除证据包外还有别的文件；请先解压，再核验证据包的文件夹"],
  form_no_bundle: ["it is a ZIP, but there is no case bundle in it", "它是 ZIP，但里面没有证据包"],
  form_locked: ["a password locks it; unpack the ZIP with the password, and check the folder", "它有密码；请用密码解压 ZIP，再核验文件夹"],
  form_bomb: ["it unpacks to far more than it holds, as ZIP bombs do", "它解压后大得不正常，像是压缩炸弹"],
  form_unusual: ["it is compressed in an unusual way; unpack the ZIP, and check the folder", "它的压缩方式不常见；请解压 ZIP，再核验文件夹"],
  form_no_inflate: ["it is compressed, and this browser cannot unpack that; unpack the ZIP and pack it without compression, or use holdfast_verify.py", "它是压缩过的，这个浏览器解不开；请改用 holdfast_verify.py，或解压后以“仅存储”方式重新打包"],
};

const SIGNED = {
  another_key_lost: [
    "it is not from the portal whose key you hold: another key signed it. It says that the one you hold was lost, which anybody could say: get the new key from where you have the old one, and check again",
    "它不是您手里公钥所属的平台出具的：签名用的是另一把密钥。它说您手里那把已经丢失，但这话谁都能说：请从取得旧公钥的地方取得新公钥，再核验一次",
  ],
  key_lost: [
    "the portal says that it lost the key with which it had signed {size} entries of its ledger. That key did not sign the next one: that both are of one portal is the portal's word",
    "本站说它丢失了曾签署存证账本前 {size} 条的密钥。那把密钥没有签认下一把：两把同属一个平台，只有本站的说法",
  ],
  another_key: [
    "it is not from the portal whose key you hold: another key signed it",
    "它不是您手里公钥所属的平台出具的：签名用的是另一把密钥",
  ],
  key_linked: [
    "It is signed with the key {key}. The ledger's key was changed, and each key signed the next one.",
    "签名的公钥是 {key}。存证账本更换过密钥，每一把都为下一把签了名。",
  ],
  key_known: ["It is signed with the key you hold from outside ({key}).", "签名的公钥就是您另行取得的那一把（{key}）。"],
  key_own: ["It is signed with the key {key}, which it brings itself.", "签名的公钥是它自己带来的：{key}。"],
  note_forged: ["the checkpoint's signature is wrong", "检查点的签名不对"],
  note_of_another: ["the checkpoint is of another ledger ({origin})", "检查点属于另一个存证账本（{origin}）"],
  note_unsigned: ["the checkpoint is not signed with the ledger's key", "检查点没有用存证账本公钥对应的私钥签名"],
  audience_unknown: ["the export is for a recipient not known here", "导出说明写的接收人，本程序不认识"],
  schema_unknown: [
    "case.schema.json is of a version not known here: it is the portal's word",
    "case.schema.json 的版本本程序不认识：这只是本站的说法",
  ],
  bag_source: [
    "bag-info.txt names “{source}” as its source: that is the portal's word",
    "bag-info.txt 写明来源为“{source}”：这只是本站自己的说法",
  ],
  other_info: ["bag-info.txt tells something else than the export", "bag-info.txt 与导出说明不符"],
  other_list: [
    "the list of files is not the one the portal signed: files and lists were changed together",
    "文件清单不是本站签名的那一份：文件和清单被一起改过",
  ],
  signature_wrong: ["the signature of {what} is wrong", "{what} 的签名不对"],
  signed_by_another: ["{what} is signed with another key", "{what} 是用另一把密钥签名的"],
  two_checkpoints: ["the bundle has two different checkpoints", "证据包里有两个不同的检查点"],
  two_keys: ["the bundle names two ledger keys", "证据包里写有两把存证账本公钥"],
  checkpoint_of_another: ["the checkpoint is not the one of this export", "检查点不是这次导出的那一个"],
  export: [
    "The portal signed this list of files for {reference} at {made}.",
    "本站于 {made} 为 {reference} 签署了这份文件清单。",
  ],
  checkpoint: [
    "The checkpoint of {origin} ({size} entries) carries the ledger's signature.",
    "{origin} 的检查点（{size} 条）带有存证账本的签名。",
  ],
};

const FILES = {
  added: ["{names} was added: the bag does not list it", "{names} 是后来加入的：清单里没有"],
  altered: ["{name} was altered: its digest is not the one listed", "{name} 被改动过：摘要与清单不符"],
  bagit: ["bagit.txt is not that of BagIt 1.0", "bagit.txt 不是 BagIt 1.0 的"],
  files: [
    "All {count} files are there, none added, each with the digest in the bag's lists.",
    "{count} 个文件都在，没有多出的，摘要都与清单一致。",
  ],
  list_elsewhere: ["{list} lists {name}, which belongs elsewhere", "{list} 里列了不该在其中的 {name}"],
  list_malformed: ["{list} is malformed", "{list} 格式不对"],
  missing: ["{name} is missing", "缺少 {name}"],
  oxum: ["bag-info.txt tells another number of bytes or files", "bag-info.txt 写的字节数或文件数不对"],
  of_programs: [
    "{names}: programs leave files of such names, but what is in these is not known here. Remove them, and check again",
    "{names}：程序会留下这种名称的文件，但其中的内容在这里无法判断。请删去后再核验",
  ],
  strange: [
    "{names}: macOS, Windows or another program put this there. It is not of the bundle; remove it. Everything else was checked.",
    "{names}：由 macOS、Windows 或别的程序放进去的，不属于证据包，请删掉。其余内容都已核验。",
  ],
  renamed: ["{name} was renamed to {twin}", "{name} 被改名为 {twin}"],
};

const LEDGER = {
  copy_of_nothing: [
    "{what} tells of a copy of something else than an exhibit",
    "{what} 说的供查看的副本不是某份证据的",
  ],
  different_bytes: [
    "{what} and what it came with name different bytes",
    "{what} 与随它而来的那份写的不是同样的字节",
  ],
  entries: [
    "All {count} ledger entries of the case lie in the tree that the checkpoint signs.",
    "本案 {count} 条存证账本记录都在检查点签署的那棵树里。",
  ],
  entry_chain: ["{what} does not name the entry before it", "{what} 没有接上前一条"],
  entry_left_out: ["an entry of the case is left out before {what}", "在 {what} 之前漏掉了本案的一条记录"],
  entry_not_here: [
    "entry {index} ({kind}) of {what} is not here as it was",
    "{what} 里的第 {index} 条（{kind}）在这里不是原样",
  ],
  entry_not_there: [
    "entry {index} ({kind}) is not in {what} as it is here",
    "第 {index} 条（{kind}）在 {what} 里与这里的不同",
  ],
  entry_not_proved: [
    "ledger entry {index} ({kind}) is not part of the record that the portal signed",
    "存证账本第 {index} 条（{kind}）不在平台签名的记录里",
  ],
  witness_forged: [
    "the signature of the witness {name} under {size} entries is wrong",
    "见证方 {name} 对 {size} 条时的检查点所作的签名是错的",
  ],
  witnesses_few: [
    "{count} witnesses must agree, but you named {named}",
    "要求 {count} 个见证方一致，但您只写了 {named} 个",
  ],
  witnesses_ml_dsa: [
    "signatures by {names} are not checked here: they are of another kind (ML-DSA-44)",
    "{names} 的签名在这里不核验：属于另一种算法（ML-DSA-44）",
  ],
  key_ml_dsa: [
    "{key} is of a kind that is not checked here (ML-DSA-44): name the Ed25519 key of the witness",
    "{key}属于这里不核验的算法（ML-DSA-44）：请写见证方的 Ed25519 公钥",
  ],
  witnesses_not_named: [
    "witnesses signed checkpoints of it ({names}): name their keys to count them",
    "有见证方为它的检查点签过名（{names}）：写上他们的公钥，才会计入",
  ],
  witnesses_unseen: [
    "No record that {quorum} of your {count} witnesses saw is this one or contained in it, so this could be" +
      " another record than the one that is shown to everybody",
    "找不到一份由您的 {count} 个见证方中至少 {quorum} 个见过、且与这一份相同或包含在其中的记录；" +
      "所以这可能不是向所有人公开的那一份",
  ],
  witnesses_vouch: [
    "Your witnesses vouch for the first {size} entries of the ledger, not for what is newer.",
    "您写明的见证方证明的是存证账本的前 {size} 条，不包括更新的内容。",
  ],
  witnesses_not_acts: ["{count} entries that are no acts", "{count} 条不是行为的记录"],
  witnesses_not_yet: ["not yet seen by the witnesses: {acts}", "见证方尚未看到：{acts}"],
  witnesses_not_yet_old: [
    "{what}, but the witnesses have not yet seen it: get their newest checkpoints, and check again",
    "{what}，但见证方尚未看到它：请向他们索取最新的检查点，再核验一次",
  ],
  witness_is_ledger: [
    "the key of the witness {name} is the ledger's own, which is no witness: name others",
    "见证方 {name} 的公钥就是存证账本自己的公钥，不能算见证方：请写别的见证方",
  ],
  witness_saw_without: [
    "{what}, but the witness {name} saw the ledger at {at} without it: it may be back-dated",
    "{what}，但见证方 {name} 在 {at} 看到的存证账本里还没有它：日期可能被倒填",
  ],
  witnesses_earlier: [
    "{what}, but the witnesses had seen it by {at}: one is false",
    "{what}，但见证方在 {at} 已经看到它：两者有一个是假的",
  ],
  witnesses_saw: [
    "{names}: saw the ledger of up to {size} entries at {at}, and this one continues it.",
    "{names}：在 {at} 见过存证账本的前 {size} 条，这一份由它续写而来。",
  ],
  witnessed_no_text: ["a checkpoint that witnesses cosigned is no text", "一个由见证方联署的检查点不是文字"],
  witnessed_not_proved: [
    "there is no proof that the ledger extends {what} that witnesses cosigned",
    "没有证据表明存证账本是从见证方联署过的{what}延续下来的",
  ],
  witnessed_order: [
    "the checkpoints that witnesses cosigned are not in order",
    "由见证方联署的检查点次序不对",
  ],
  entry_of_another: ["{what} is of another case", "{what} 属于另一个案件"],
  entry_order: ["{what} is out of order", "{what} 次序不对"],
  exhibit_numbers: ["exhibits share a number", "有证据共用一个编号"],
  ledger_cut: [
    "the ledger ends at {size} entries, but {what} saw {seen}: it was cut, or {what} is newer",
    "存证账本到第 {size} 条为止，但 {what} 见过 {seen} 条：存证账本被截短，或者 {what} 更新",
  ],
  ledger_rewritten: [
    "the portal's record was changed after you got {what}",
    "在您取得 {what} 之后，平台的记录被改过",
  ],
  ledger_split: [
    "{what} shows another ledger of the same size: one of the two was made up",
    "{what} 显示的是同样条数的另一本存证账本：两本里有一本是假的",
  ],
  listed_before: [
    "ledger entry {index} lists an exhibit that was listed before",
    "存证账本第 {index} 条又列出了先前列过的证据",
  ],
  never_received: [
    "an exhibit of the complaint or of a message was never received",
    "投诉或消息里有一份证据从未收到",
  ],
  no_single_complaint: [
    "the case does not begin with exactly one complaint",
    "案件不是从恰好一份投诉开始的",
  ],
  not_proved: ["not checked, because the ledger's entries are not proved", "未检查，因为存证账本记录没有得到证明"],
  other_reference: ["the case has another reference in the ledger", "存证账本里本案的编号不同"],
  received_twice: ["{exhibit} was received twice", "{exhibit} 收到了两次"],
  thread: [
    "The case's history has no gap: {count} entries, each naming the one before.",
    "本案经过没有缺口：{count} 条记录，条条相接。",
  ],
};

const CONTENT = {
  case: [
    "case.json repeats the documents and the exhibits faithfully.",
    "case.json 如实重复了各份文书和证据。",
  ],
  case_document: ["data/case.json does not repeat the {name}", "data/case.json 没有如实重复 {name}"],
  case_exhibit: [
    "data/case.json tells {exhibit} otherwise than the ledger",
    "data/case.json 里的 {exhibit} 与存证账本不符",
  ],
  case_exhibits: ["data/case.json lists other exhibits than the ledger", "data/case.json 列的证据与存证账本不符"],
  case_field: ["data/case.json has another {name} than the export", "data/case.json 的 {name} 与导出说明不符"],
  case_fields: ["data/case.json has other fields than a case has", "data/case.json 的字段与案卷应有的不同"],
  case_state: ["data/case.json has another state than the ledger", "data/case.json 的状态与存证账本不符"],
  custody: ["custody.csv says what the ledger says, row by row.", "custody.csv 逐行与存证账本一致。"],
  copies: [
    "{count} of {known} copies for viewing are here, as they were made.",
    "{known} 份供查看的副本里有 {count} 份在此，都是当初制作的样子。",
  ],
  document_missing: ["{path} is missing, but the ledger knows it", "缺少 {path}，而存证账本里有它"],
  documents: ["All {count} documents are the ones in the ledger.", "{count} 份文书都是存证账本里的那些。"],
  documents_withheld: [
    "All {count} documents are the ones in the ledger. Withheld: {names}.",
    "{count} 份文书都是存证账本里的那些。未提供：{names}。",
  ],
  documents_masked: [
    "All {count} documents are the ones in the ledger. Masked: {masked}.",
    "{count} 份文书都是存证账本里的那些。已遮盖：{masked}。",
  ],
  documents_withheld_masked: [
    "All {count} documents are the ones in the ledger. Withheld: {names}. Masked: {masked}.",
    "{count} 份文书都是存证账本里的那些。未提供：{names}。已遮盖：{masked}。",
  ],
  left_out_altered: [
    "{exhibit} is left out: the portal's stored file was altered",
    "{exhibit} 未收入：本站存储的文件被改动",
  ],
  left_out_chosen: [
    "{exhibit} is left out: it was not chosen for this recipient",
    "{exhibit} 未收入：没有为这位接收人选入",
  ],
  left_out_missing: [
    "{exhibit} is left out: the portal's stored file is missing",
    "{exhibit} 未收入：本站存储的文件缺失",
  ],
  left_out_quarantined: [
    "{exhibit} is left out: the malware scanner found something in it",
    "{exhibit} 未收入：病毒扫描发现问题",
  ],
  left_out_unknown: [
    "the export leaves out an exhibit that the ledger does not know",
    "导出说明略去了存证账本里没有的证据",
  ],
  left_out_unreadable: [
    "{exhibit} is left out: the portal could not read its stored file",
    "{exhibit} 未收入：本站读不出存储的文件",
  ],
  left_out_why: [
    "the export leaves out an exhibit for no reason known here",
    "导出说明略去证据的理由本程序不认识",
  ],
  masked: [
    "{name} is masked: that nothing but numbers and names was changed in it is the portal's word, until the document with the SHA-256 {digest} is shown",
    "{name} 已遮盖：除号码和姓名外别无改动，这一点只有本站的说法；要核对，须出示 SHA-256 为 {digest} 的原文书",
  ],
  masked_key: ["{path} hides the name of a field", "{path} 遮盖了字段名"],
  masked_proved: [
    "{name} is masked: the words that are left are those that were filed (ledger entry {index}, {at}); what is hidden ({count} words, digits or signs) stands in the document with the SHA-256 {digest}",
    "{name} 已遮盖：留下的文字就是当初提交的文字（存证账本第 {index} 条，{at}）；被遮盖的 {count} 个字词、数字或符号，见 SHA-256 为 {digest} 的原文书",
  ],
  masked_reads: ["{path} reads otherwise than its pieces", "{path} 与它自己的各段不一致"],
  masked_unproved: [
    "{path} does not prove its words, although the ledger knows its parts",
    "{path} 没有证明自己的文字，而存证账本里有它各部分的记录",
  ],
  masked_words: [
    "{path} has other words than the document that was filed",
    "{path} 的文字与当初提交的文书不同",
  ],
  masked_here: ["{path} is there although it is masked", "{path} 本应遮盖，却在这里"],
  masked_other: ["{path} is not of the document in the ledger", "{path} 不是存证账本里那份文书的遮盖件"],
  masks_unknown: [
    "the export masks a document that the ledger does not know",
    "导出说明遮盖了存证账本里没有的文书",
  ],
  no_masked_copy: ["{path} is no masked copy of {name}", "{path} 不是 {name} 的遮盖件"],
  no_such_masked: ["the export names no such masked copy", "导出说明里没有这份遮盖件"],
  no_such_copy: ["the ledger knows no such copy", "存证账本里没有这份副本"],
  no_such_document: ["the ledger knows no such document", "存证账本里没有这份文书"],
  no_such_file: ["no bundle has such a file", "证据包里没有这种文件"],
  no_such_exhibit: ["the ledger knows no such exhibit", "存证账本里没有这份证据"],
  no_such_token: ["the ledger names no such token", "存证账本里没有这个时间戳"],
  not_here: ["{name} does not belong here: {why}", "{name} 不该在这里：{why}"],
  original_missing: ["the original of {exhibit} is missing", "缺少 {exhibit} 的原件"],
  original_twice: ["the original of {exhibit} is there twice", "{exhibit} 的原件有两份"],
  originals: ["All {count} originals are the bytes that were received.", "{count} 份原件都是收到时的原始字节。"],
  originals_less: [
    "All {count} originals are the bytes that were received. Left out: {names}.",
    "{count} 份原件都是收到时的原始字节。未收入：{names}。",
  ],
  other_copy: [
    "{name} is not the copy that was made: its bytes differ",
    "{name} 不是当初制作的副本：字节不同",
  ],
  contact_malformed: ["a contact of the statement is malformed", "陈述里有一条催收记录格式不对"],
  no_contacts: ["data/contacts.csv is missing", "缺少 data/contacts.csv"],
  other_contacts: ["data/contacts.csv does not say what the statement says", "data/contacts.csv 与陈述不一致"],
  untold_contacts: [
    "data/contacts.csv is there, but no contacts were told",
    "有 data/contacts.csv，但陈述里没有催收记录",
  ],
  other_custody: ["data/custody.csv does not say what the ledger says", "data/custody.csv 与存证账本不一致"],
  other_parts: [
    "ledger entry {index} says of the parts of {path} what they are not",
    "存证账本第 {index} 条所记的 {path} 各部分与该文书不符",
  ],
  other_document: ["{path} is not the document in the ledger", "{path} 不是存证账本里的那份文书"],
  other_original: [
    "{name} ({exhibit}) is not the file that was received: its bytes differ",
    "{name}（{exhibit}）不是当初收到的文件：字节不同",
  ],
  copy_ending: [
    "{name} has another ending than a copy of the kind {kind}",
    "{name} 的扩展名与 {kind} 类副本应有的不同",
  ],
  describes_others: [
    "the {name} describes other exhibits than its ledger entry lists",
    "{name} 描述的证据与其存证账本记录所列的不同",
  ],
  original_ending: [
    "{name} has another ending than a file of the type {type}",
    "{name} 的扩展名与 {type} 类文件应有的不同",
  ],
  withholds_unknown: [
    "the export withholds a document that the ledger does not know",
    "导出说明略去了存证账本里没有的文书",
  ],
  withheld: ["{name} is withheld: the ledger has only its SHA-256 here, {digest}", "{name} 未提供：这里只有存证账本所记的 SHA-256 {digest}"],
  withheld_here: ["{path} is there although it is withheld", "{path} 本应不提供，却在这里"],
  withholds: ["the export withholds a document that it may not", "导出说明略去了不可略去的文书"],
};

const RECEIPTS = {
  another_filing: [
    "the receipt of filing here is not the one that you hold ({name}): it was made up later",
    "这里的提交回执与您手里的（{name}）不同：它是事后另造的",
  ],
  contained: [
    "The ledger of {name} ({size} entries) is contained in this one, unchanged.",
    "{name} 见过的存证账本（{size} 条）原样包含在这一本里。",
  ],
  contained_in: [
    "{name} ({size} entries) is newer: this ledger is contained in its ledger, unchanged.",
    "{name}（{size} 条）更新：这本存证账本原样包含在它的存证账本里。",
  ],
  cut_after: [
    "this was made at {at}, after {name}, but its ledger is shorter: it was cut",
    "这一份作于 {at}，在 {name} 之后，存证账本却更短：存证账本被截短了",
  ],
  kept_bundle: [
    "{name} is a bundle of {reference}; its ledger is whole in itself",
    "{name} 是 {reference} 的证据包，其存证账本本身完整",
  ],
  kept_roots: [
    "{keys} ledger key(s) and {roots} timestamp root(s) that you hold",
    "您手里的 {keys} 把存证账本公钥、{roots} 份时间戳根证书",
  ],
  kept_note: ["{name} is a checkpoint of {size} entries", "{name} 是 {size} 条时的检查点"],
  kept_proof: ["{name} is a proof that a ledger grew out of another, used where it fits", "{name} 证明一个存证账本由另一个续写而来，用于相符之处"],
  kept_receipt: ["{name} is a receipt of {reference}, whole in itself", "{name} 是 {reference} 的回执，本身完整"],
  later_differs: [
    "the ledger of {name} does not contain this one as it is: one of the two was made up",
    "{name} 的存证账本不包含这一本：两者之中有一个是假的",
  ],
  newer: [
    "{name} is newer than this: that the one grew out of the other is not shown here",
    "{name} 比这一份新：这里没有显示其中一个是由另一个续写而来的",
  ],
  newer_says: [
    "{name} is newer than this: that the one grew out of the other is not shown here.",
    "{name} 比这一份新：这里没有显示其中一个是由另一个续写而来的。",
  ],
  not_shown: [
    "The portal does not show that today's record grew out of the one on {name}. An honest portal always does. " +
      "Ask for it.",
    "本站没有显示今天的记录是由 {name} 上的那份续写而来的。诚实的网站总会显示这一点。请向本站索取。",
  ],
  not_proved_from: [
    "There is no proof here from {size} entries on: {name} says nothing about what came between.",
    "这里没有从第 {size} 条起的证明：{name} 不能说明其间发生了什么。",
  ],
  own_receipt_key: ["the receipt was signed with another key", "回执是用另一把密钥签名的"],
  own_receipt_of_another: ["the receipt is of another case ({reference})", "回执属于另一个案件（{reference}）"],
  own_receipt_unproved: [
    "there is no proof that the ledger extends the one the receipt saw",
    "没有证据表明存证账本是在回执见过的那本之后续写的",
  ],
  receipt: [
    "{reference}: signed and proved; {count} ledger entries say the same.",
    "{reference}：签名和证明成立，{count} 条存证账本记录说法一致。",
  ],
  receipt_by_another: [
    "{what} was signed with another key: one of the two was made up",
    "{what} 是用另一把密钥签名的：两者之中有一个是假的",
  ],
  receipt_field: ["the receipt's {name} is not the one in the ledger", "回执的 {name} 与存证账本不符"],
  receipt_file: ["the receipt's {exhibit} is not the one in the ledger", "回执里的 {exhibit} 与存证账本不符"],
  receipt_filed_at: [
    "the receipt's time of filing is not the one in the ledger",
    "回执的提交时间与存证账本不符",
  ],
  receipt_early_stamps: [
    "the receipt lists timestamps of {exhibit} that the ledger does not name yet",
    "回执为 {exhibit} 列出了存证账本里尚未记下的时间戳",
  ],
  receipt_file_name: [
    "the receipt names the file of {exhibit} otherwise than the statement",
    "回执里 {exhibit} 的文件名与陈述中的不同",
  ],
  receipt_stamp_time: [
    "the receipt lists a timestamp of a time at which it cannot have been made",
    "回执列出的一个时间戳，不可能是在它写明的时间签发的",
  ],
  receipt_files: ["the receipt lists other files than the ledger", "回执列的文件与存证账本不符"],
  receipt_here: ["the receipt is there although it is withheld", "回执本应不提供，却在这里"],
  receipt_left_out: ["The receipt is left out.", "未收入回执。"],
  receipt_withheld: [
    "the receipt is left out, for it names files as the borrower did",
    "未收入回执，因为其中有投诉人所起的文件名",
  ],
  receipt_kept: [
    "The receipt of {at} is genuine, and its ledger is contained in this one.",
    "{at} 的回执是真的，它的存证账本包含在这一本里。",
  ],
  receipt_of_another: [
    "{what} is of another case ({reference})",
    "{what} 属于另一个案件（{reference}）",
  ],
  receipt_papers: ["the receipt lists other papers than the ledger", "回执列的书面材料与存证账本不符"],
  receipt_anchor_time: [
    "the receipt tells another time of a stamp than the stamp does",
    "回执写的时间戳时间与时间戳本身不同",
  ],
  consistency_leads_elsewhere: [
    "the proof from {from} entries on does not lead to the record that the portal signed",
    "从第 {from} 条起的证明，通不到平台签名的记录",
  ],
  received_later: [
    "{what}, but what it is of is said to have come at {at}: one is false",
    "{what}，但它所记的文件却写着 {at} 才收到：两者必有一假",
  ],
  stamp_of_another: [
    "it is of another authority than it is said to be: of {names}",
    "它并非所写的那家机构签发，而是 {names} 签发的",
  ],
  one_authority: [
    "one authority is called by several names, for they have one root: {names}",
    "同一家机构有几个名称，因为它们用同一份根证书：{names}",
  ],
  authority_not_listed: [
    "the portal does not list the authority of a timestamp: its name is not shown to be true",
    "本站没有列出某个时间戳的机构：该机构的名称没有得到证明",
  ],
  anchor_twice: [
    "it is there twice",
    "它出现了两次",
  ],
  anchor_named_time: [
    "{name} names another time than its stamp",
    "{name} 写的时间与时间戳不符",
  ],
  receipt_before_anchor: [
    "the receipt says that it was made at {made}, but a stamp in it is of {at}: it is back-dated",
    "回执写明生成于 {made}，但其中有一个时间戳是 {at} 的：日期倒签了",
  ],
  exhibit_unlisted: [
    "{exhibit} came with no complaint, message or answer: whose it is, is the portal's word",
    "{exhibit} 不是随投诉、来信或答复提交的：它是谁的，只是本站自己的说法",
  ],
  other_case_contained: [
    "{what} is of another case ({reference}), but of the same ledger, unchanged between the two.",
    "{what} 属于另一个案件（{reference}），但存证账本是同一本：一本包含在另一本里，没有改动。",
  ],
  other_case: [
    "{what} is of another case ({reference}), not proved to be of the same ledger: it is not compared",
    "{what} 属于另一个案件（{reference}），这里没有什么能说明存证账本是同一本：未作比对",
  ],
  kept_not_whole: [
    "{name} does not hold in itself, so nothing is compared with it: {why}",
    "{name} 自身就不成立，因此没有与它比对：{why}",
  ],
  passed_over: [
    "passed over, for it is neither a ledger key nor a certificate: {names}",
    "以下文件既不是存证账本公钥也不是证书，没有用到：{names}",
  ],
  nothing_held: [
    "what you hold has neither a ledger key nor a root certificate",
    "您手里的文件里既没有存证账本公钥，也没有根证书",
  ],
  receipt_timestamps: ["the receipt lists other timestamps than the ledger", "回执列的时间戳与存证账本不符"],
  doubt_extends: [
    "there is no proof that the ledger extends the one {name} saw at {size} entries: get it from the portal (/ledger/consistency/{size}/{here}), and check again with it among what you kept",
    "没有证据表明存证账本是在 {name} 见过的 {size} 条之后续写的：请向平台取得这份证明（/ledger/consistency/{size}/{here}），与您留存的凭据一起再核验一次",
  ],
  doubt_roots: [
    "nothing from outside says that the timestamp authorities are real ones",
    "没有外来的凭据说明时间戳机构是真的",
  ],
  timestamps_elsewhere: [
    "the receipt lists timestamps that are not in it: a bundle has them, and there they are checked",
    "回执列出了文件的时间戳，但里面没有时间戳本身：证据包里有，在那里核验",
  ],
  doubt_key: ["nothing from outside says whose key signed it", "没有外来的凭据说明签名的是谁的密钥"],
  package: ["{name} is a bundle of {count} files.", "{name} 是含 {count} 个文件的证据包。"],
};

export const SENTENCES = {
  ...{ ...NAMES, ...ACTS, ...DATES, ...FORMATS, ...ZIP, ...SIGNED, ...FILES },
  ...{ ...LEDGER, ...CONTENT, ...RECEIPTS, ...FORMS_IN_WORDS, ...TOKEN_WORDS },
};

/** The text on one line, without the control characters that a file's name may have. */
export function oneLine(text) {
  return String(text).replace(/[\p{C}\p{Z}]/gu, (letter) => (letter === " " ? " " : "?")).slice(0, 1000);
}

/** A sentence of broken.js in words. */
export function told(says, language, words = SENTENCES) {
  if (Array.isArray(says)) return says.map((one) => told(one, language, words)).join(language === "zh" ? "；" : "; ");
  if (says === null || typeof says !== "object") return String(says);
  const fill = (_, name) => told(says.values[name], language, words);
  return oneLine(words[says.key][language === "zh" ? 1 : 0].replace(/\{(\w+)\}/g, fill));
}
