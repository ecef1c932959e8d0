// custody.csv: one row for each entry of the case in the order of the ledger, from the entries alone.
import { decoded, same, utf8 } from "./bytes.js";
import { CUSTODY_HEAD, csvRow, custodyRow, harmless, plain } from "./ledger.js";

// The tables are those of holdfast_verify.py: a test compares them.
export const CUSTODY_FOR_PEOPLE = [["时间", "事项", "证据", "经办"], ["Time", "What", "Exhibit", "Who"]];
export const CUSTODY_EVENTS = { // kind of entry -> its words in Chinese and English
  "complaint.filed": ["提交投诉", "complaint filed"],
  "evidence.received": ["收到证据，计算摘要", "evidence received, digest taken"],
  "evidence.sealed": ["封存：重新核对字节，取得时间戳", "sealed: bytes read again, timestamp obtained"],
  "evidence.fault": ["存储的文件缺失、被改动或读不出", "stored file missing, altered or unreadable"],
  "evidence.restored": ["存储的文件恢复完好", "stored file whole again"],
  "evidence.copy_fault": ["存储的副本缺失、被改动或读不出", "stored copy missing, altered or unreadable"],
  "evidence.copy_restored": ["存储的副本恢复完好", "stored copy whole again"],
  "document.fault": ["数据库里的文书缺失或被改动", "document missing from the database, or altered"],
  "document.restored": ["数据库里的文书恢复完好", "document whole again in the database"],
  "evidence.derived": ["制作供查看的副本", "copy made for viewing"],
  "evidence.viewed": ["查看", "looked at"],
  "evidence.quarantined": ["病毒扫描发现问题，隔离", "quarantined: the malware scanner found something"],
  "evidence.released": ["解除隔离", "released from quarantine"],
  "evidence.downloaded": ["下载原件", "original downloaded"],
  "case.routed": ["分派", "routed to a team"],
  "case.assigned": ["指定办案人", "investigator assigned"],
  "clock.overdue": ["期限已过，已通知主管", "a deadline passed; the supervisors were informed"],
  "clock.extension_asked": ["申请延期", "more time asked for"],
  "clock.extended": ["批准延期", "more time given"],
  "clock.extension_declined": ["不同意延期", "no more time given"],
  "case.begun": ["开始调查", "investigation begun"],
  "finding.made": ["就一项投诉作出认定", "finding made on one allegation"],
  "case.proposed": ["提出认定方案，待第二人确认", "decision proposed, for a second person to confirm"],
  "case.sent_back": ["认定方案退回", "proposed decision sent back"],
  "case.decided": ["作出决定", "decided"],
  "measure.ordered": ["确定问责措施", "accountability measure ordered"],
  "measure.ended": ["问责措施办结", "accountability measure settled"],
  "redress.promised": ["承诺补救", "redress promised"],
  "redress.ended": ["补救办结", "redress settled"],
  "case.referred": ["移送有关机关", "referred to an authority"],
  "severity.changed": ["调整案件严重程度", "severity of the case changed"],
  "case.replied": ["答复投诉人", "reply sent to the borrower"],
  "case.closed": ["结案", "case closed"],
  "case.withdrawn": ["按投诉人意愿撤回，结案", "closed: withdrawn by the borrower"],
  "case.reopened": ["重新打开", "opened again"],
  "withdrawal.asked": ["投诉人申请撤回", "the borrower asked to withdraw"],
  "withdrawal.taken_back": ["投诉人收回撤回申请", "the borrower took the withdrawal back"],
  "withdrawal.declined": ["主管决定不撤回，继续办理", "a supervisor kept the case open"],
  "review.asked": ["投诉人申请换人复核", "the borrower asked for a review"],
  "retaliation.reported": ["投诉人反映遭到报复", "the borrower reported retaliation"],
  "reporter.changed": ["投诉人更改联系方式", "the borrower changed how to be reached"],
  "consent.given": ["投诉人同意", "the borrower agreed"],
  "consent.withdrawn": ["投诉人收回同意", "the borrower withdrew consent"],
  "code.renewed": ["投诉人更换查询码", "the borrower renewed the access code"],
  "message.written": ["留言", "message written"],
  "message.read": ["办案部门已读", "read by the office"],
  "question.asked": ["向投诉人提问", "question to the borrower"],
  "question.answered": ["投诉人回答提问", "question answered"],
  "addendum.added": ["补充说明", "addendum to the statement"],
  "evidence.added": ["补充证据", "evidence added"],
  "bundle.exported": ["导出案卷包", "case bundle exported"],
  "bundle.approved": ["第二人批准导出", "export approved by a second person"],
  "bundle.downloaded": ["下载案卷包", "case bundle downloaded"],
  "grant.given": ["授权他人领取案卷包", "somebody was allowed to fetch a case bundle"],
  "grant.opened": ["接收人打开链接", "the recipient opened the link"],
  "grant.revoked": ["收回授权", "the grant was taken back"],
  "enquiry.sent": ["向对方发出问询", "enquiry sent to the other side"],
  "enquiry.printed": ["取出问询函", "letter of the enquiry taken"],
  "enquiry.opened": ["通过链接打开问询", "enquiry opened by its link"],
  "enquiry.reminded": ["催促答复", "reminded of the enquiry"],
  "enquiry.answered": ["对方答复", "the other side answered"],
  "enquiry.overdue": ["到期未全部提供", "not everything came in time"],
  "enquiry.assessed": ["认定对方是否提供了所要求的内容", "the office recorded whether something asked for was supplied"],
  "enquiry.revoked": ["停用问询链接", "link of the enquiry ended"],
  "enquiry.renewed": ["更换问询链接", "link of the enquiry renewed"],
  "note.written": ["内部备注", "internal note written"],
  "task.set": ["设定任务", "task set"],
  "task.done": ["任务完成", "task done"],
};
export const CUSTODY_ROLES = {
  borrower: ["投诉人", "borrower"],
  investigator: ["办案人", "investigator"],
  supervisor: ["主管", "supervisor"],
  auditor: ["审计", "auditor"],
  administrator: ["管理员", "administrator"],
  system: ["系统", "system"],
  recipient: ["接收人", "recipient"],
  respondent: ["对方（凭链接）", "other side, by the link"],
};
const LANGUAGES = ["both", "zh", "en"];
const BEFORE_OFFSET = "2026-11-23 12:02:00 UTC".length;
const OFFSET = /^[+-](?:0\d|1[0-4]):[0-5]\d$/; // from UTC

/** custody.csv of old bundles, without columns for people. */
export function custodyTable(entries, exhibits) {
  return utf8([CUSTODY_HEAD, ...entries.map((entry) => custodyRow(entry, exhibits))].map(csvRow).join(""));
}

/** Whether these are the bytes of custody.csv of these entries, in the old form or in one with words. */
export function isCustodyTable(bytes, entries, exhibits) {
  if (same(bytes, custodyTable(entries, exhibits))) return true;
  const text = decodedOrEmpty(bytes);
  const language = LANGUAGES.find((one) => text.startsWith(headInWords(one)));
  if (!language) return false;
  let at = headInWords(language).length;
  for (const entry of entries) {
    const offset = text.slice(at + BEFORE_OFFSET, at + BEFORE_OFFSET + "+08:00".length);
    const row = OFFSET.test(offset) && rowInWords(entry, exhibits, language, offset);
    if (!row || !text.startsWith(row, at)) return false;
    at += row.length;
  }
  return at === text.length;
}

function decodedOrEmpty(bytes) {
  try {
    return decoded(bytes, "");
  } catch {
    return "";
  }
}

function headInWords(language) {
  const [zh, en] = CUSTODY_FOR_PEOPLE;
  return `\ufeff${csvRow([...zh.map((one, at) => inWords([one, en[at]], language)), ...CUSTODY_HEAD])}`;
}

function rowInWords(entry, exhibits, language, offset) {
  const { by, at } = entry.content;
  const row = custodyRow(entry, exhibits);
  const [role, id] = ["role", "id"].map((name) => (Object.hasOwn(by, name) ? plain(by[name]) : ""));
  const what = inWords(wordsFor(CUSTODY_EVENTS, entry.kind), language);
  const who = [inWords(wordsFor(CUSTODY_ROLES, role), language), [...id].slice(0, 8).join("")].filter(Boolean).join(" ");
  return csvRow([`${localTime(at, offset)} UTC${offset}`, what, row[3], who, ...row].map((one) => harmless(one)));
}

/** 2026-11-23T04:02:00.123456Z at +08:00 -> "2026-11-23 12:02:00". */
function localTime(at, offset) {
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  const ahead = (offset[0] === "-" ? -minutes : minutes) * 60_000;
  return new Date(Date.parse(`${at.slice(0, 19)}Z`) + ahead).toISOString().slice(0, 19).replace("T", " ");
}

function wordsFor(table, code) {
  return Object.hasOwn(table, code) ? table[code] : [code, code];
}

function inWords([zh, en], language) {
  if (language !== "both") return language === "zh" ? zh : en;
  return zh === en ? zh : `${zh} / ${en}`;
}
