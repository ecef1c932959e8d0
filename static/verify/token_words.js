// What is said of timestamps, certificates and signatures, [English, Chinese]. See words.js.

const PARTS_OF_TOKENS = {
  a_certificate: ["a certificate", "一份证书"],
  a_key_usage: ["a key usage", "证书的密钥用途"],
  a_name: ["a name", "证书里的一个名称"],
  a_public_key: ["a public key", "一把公钥"],
  an_attribute: ["a signed attribute", "一个签名属性"],
  an_ecdsa_signature: ["an ECDSA signature", "一个 ECDSA 签名"],
  an_extension: ["an extension", "证书的一个扩展项"],
  an_imprint: ["a message imprint", "时间戳所针对的摘要"],
  an_rsa_key: ["an RSA key", "一把 RSA 公钥"],
  basic_constraints: ["basic constraints", "证书的基本约束"],
  digest_algorithm: ["a digest algorithm", "一个摘要算法"],
  extensions: ["extensions", "证书的扩展项"],
  name_constraints: ["name constraints", "证书的名称限制"],
  other_names: ["other names", "证书的其他名称"],
  pss_parameters: ["the parameters of RSA-PSS", "RSA-PSS 的参数"],
  signature_algorithm: ["a signature algorithm", "一个签名算法"],
  the_accuracy: ["the token's accuracy", "时间戳的精度"],
  the_content: ["the token's content", "时间戳的内容"],
  the_esscertid: ["the ESSCertID", "签名证书标识（ESSCertID）"],
  the_query: ["the timestamp query", "时间戳请求"],
  the_response: ["the timestamp response", "时间戳应答"],
  the_signer: ["the token's signer", "时间戳的签名方"],
  the_token: ["the token", "时间戳"],
};

const ENCODINGS = {
  der_built: ["{what} is not built as it should be", "{what} 的结构不对"],
  der_cut: ["a DER structure is cut short or malformed", "一处 DER 结构不完整或格式不对"],
  der_length: ["a DER length is malformed", "一处 DER 长度格式不对"],
  der_long: ["a DER length is not the shortest", "一处 DER 长度不是最短写法"],
  der_many: ["a DER structure has too many parts", "一处 DER 结构的组成部分太多"],
  der_more: ["{what} has more parts than it should have", "{what} 的组成部分比应有的多"],
  der_number: ["a DER number is malformed", "一个 DER 数字格式不对"],
  der_oid: ["a DER OID is malformed", "一个 DER 对象标识符格式不对"],
  der_other: ["{what} is not the DER it should be", "{what} 不是应有的 DER 结构"],
  der_short: ["a DER structure is cut short", "一处 DER 结构不完整"],
  der_time: ["a DER time is malformed", "一个 DER 时间格式不对"],
};

const SIGNATURES_OF_TOKENS = {
  curve_unknown: ["an ECDSA key is on a curve not known here", "一把 ECDSA 公钥所在的曲线本程序不认识"],
  digest_unknown: ["the digest algorithm {oid} is not known here", "本程序不认识摘要算法 {oid}"],
  ecdsa_point: ["an ECDSA key is no point of its curve", "一把 ECDSA 公钥不在所属曲线上"],
  key_other: ["a key does not fit its signature", "一把公钥与签名的类型不符"],
  no_digest: ["no digest algorithm is named for a signature", "有一个签名没有写明摘要算法"],
  pss_unknown: ["the parameters of RSA-PSS are not known here", "RSA-PSS 的参数这里不认识"],
  rsa_weak: ["an RSA key is weak or odd", "一把 RSA 公钥太弱或不正常"],
  signature_bad: ["a signature is wrong", "一个签名不对"],
  signature_unknown: ["the signature algorithm {oid} is not known here", "本程序不认识签名算法 {oid}"],
  two_digests: ["two digest algorithms are named for one signature", "同一个签名写了两种摘要算法"],
  weak_digest: ["the weak digest {name} is used", "用了不安全的摘要算法 {name}"],
};

const CERTIFICATES = {
  certificate_not_valid: ["a certificate was not valid at the token's time", "一份证书在时间戳的时间不在有效期内"],
  certificate_times: ["a certificate has no validity", "一份证书没有有效期"],
  certificate_two_ways: ["a certificate contradicts itself", "一份证书自相矛盾"],
  certificate_version: ["a certificate is not of version 3", "一份证书不是第 3 版"],
  extension_twice: ["a certificate has an extension twice", "一份证书把同一扩展项写了两次"],
  extension_unknown: ["a certificate has a critical extension not known here ({oids})", "一份证书有本程序不认识的关键扩展项（{oids}）"],
  no_certificate: ["{what} holds no certificate", "{what} 里没有证书"],
  no_chain: [
    "the token's certificate does not lead to a trusted root that was valid at the token's time",
    "时间戳的证书通不到在当时有效的可信根证书",
  ],
};

const ANSWERS = {
  attribute_twice: ["a signed attribute is there twice", "有一个签名属性出现了两次"],
  esscertid_empty: ["the ESSCertID is empty", "签名证书标识（ESSCertID）是空的"],
  query_of_other_bytes: ["the timestamp query is for other bytes", "时间戳请求针对的是别的字节"],
  query_version: ["the timestamp query is not of version 1", "时间戳请求不是第 1 版"],
  response_large: ["the timestamp response is too large", "时间戳应答太大"],
  signer_may_not: ["the token's certificate may not sign", "时间戳的证书无权签名"],
  signer_not_alone: ["the token's certificate is not for timestamps alone", "时间戳的证书不是专用于时间戳的"],
  token_content_changed: ["the token's content is not what was signed", "时间戳的内容不是签名的内容"],
  token_extension: ["the token has a critical extension not known here", "时间戳有本程序不认识的关键扩展项"],
  token_inaccurate: ["the token's time may be wrong by more than a minute", "时间戳的时间误差可能超过一分钟"],
  token_names_another: [
    "the token names another certificate than the one that signed it (ESSCertID)",
    "时间戳写的证书不是签名所用的那一份（ESSCertID）",
  ],
  token_names_nothing: [
    "the token does not name the certificate that signed it (ESSCertID)",
    "时间戳没有写明签名所用的证书（ESSCertID）",
  ],
  token_no_certificate: ["the token does not hold the certificate that signed it", "时间戳里没有签名所用的证书"],
  token_nonce: ["the token does not answer this query (nonce)", "时间戳不是对这份请求的应答（随机数不符）"],
  token_not_granted: ["the authority did not grant a token (status {status})", "机构没有签发时间戳（状态 {status}）"],
  token_not_over_timestamp: ["the token's signature is not over a timestamp", "时间戳的签名不是签在时间戳上"],
  token_not_signed: ["the token is not signed data", "时间戳不是签名数据"],
  token_of_other_bytes: ["the token is for other bytes", "时间戳针对的是别的字节"],
  token_other_authority: ["the token names another authority than its certificate does", "时间戳写的机构与它的证书不同"],
  token_other_content: ["the signed content is not a timestamp", "签名的内容不是时间戳"],
  token_policy: ["the token has another policy than was asked for", "时间戳的策略与请求的不同"],
  token_signers: ["the token does not have exactly one signer", "时间戳不是恰好由一方签名"],
  token_version: ["the token is not of version 1", "时间戳不是第 1 版"],
};

const STAMPS = {
  anchor: [
    "The ledger up to {size} entries existed at {at} UTC, by {authority}.",
    "存证账本的前 {size} 条在 {at} UTC 已经存在（{authority}）。",
  ],
  anchor_broken: ["the stamp of {what} does not hold: {why}", "{what}的时间戳不成立：{why}"],
  anchor_early: ["its time lies before entries under it were written: it is back-dated", "它的时间早于其下存证账本记录的时间：日期被倒填"],
  anchor_name: ["{name} names another size than its checkpoint", "{name} 写的条数与检查点不符"],
  anchor_unproved: [
    "there is no proof that the ledger extends {what} that was stamped",
    "没有证据表明存证账本是在加盖时间戳的那个{what}之后续写的",
  ],
  no_anchors: ["No authority has stamped a checkpoint of this ledger yet.", "还没有机构给这本存证账本的检查点加盖时间戳。"],
  no_such_root: ["the export lists no such root", "导出说明里没有列出这个根证书"],
  pem_alone: ["{what} holds something else than certificates", "{what} 里有证书以外的内容"],
  no_such_anchor: ["it is no stamped checkpoint", "它不是加盖时间戳的检查点"],
  local_clock: [
    "{authority} is a local clock: its timestamps prove nothing against the operator.",
    "{authority} 是本机时钟：它的时间戳对运营者不具证明力。",
  ],
  one_after_the_other: ["{before} {next}", "{before}{next}"],
  other_token: ["the token is not the one in the ledger", "时间戳文件不是存证账本里的那一个"],
  seal_of_other_bytes: ["the seal of {exhibit} is for other bytes", "{exhibit} 的封存针对的是别的字节"],
  seal_unknown: ["ledger entry {index} seals an unknown item", "存证账本第 {index} 条封存的证据不在案内"],
  timestamps: ["{count} timestamps of {exhibits} exhibits hold.", "{exhibits} 份证据的 {count} 个时间戳成立。"],
  timestamps_pending: [
    "{count} timestamps of {exhibits} exhibits hold. Not sealed yet: {names}.",
    "{exhibits} 份证据的 {count} 个时间戳成立。尚未封存：{names}。",
  ],
  token_broken: [
    "the timestamp of {exhibit} by {authority} does not hold: {why}",
    "{exhibit} 由 {authority} 签发的时间戳不成立：{why}",
  ],
  token_early: ["its time lies before the item was received: it is back-dated", "时间早于收到证据的时间：日期被倒填"],
  token_late: ["its time lies after the item was sealed", "时间晚于封存的时间"],
  token_time: ["its time is not the one in the ledger", "它的时间与存证账本记的不同"],
};

export const TOKEN_WORDS = {
  ...{ ...PARTS_OF_TOKENS, ...ENCODINGS, ...SIGNATURES_OF_TOKENS },
  ...{ ...CERTIFICATES, ...ANSWERS, ...STAMPS },
};
