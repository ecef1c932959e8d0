"""Addresses of the borrower's side and of the public ledger."""

from django.urls import path

from .views import additions, drafts, exhibits, follow, own_evidence, pages, proofs, qr, uploads, verify

urlpatterns = [
    path("", pages.home, name="home"),
    path("complaints/new/", drafts.new, name="new"),
    path("complaints/new/evidence/", exhibits.evidence, name="evidence"),
    path("complaints/new/check/", drafts.check, name="check"),
    path("complaints/new/<str:step>/", drafts.step, name="step"),
    path("complaints/leave/", drafts.leave, name="leave_draft"),
    path("complaints/filed/", drafts.filed, name="filed"),
    path("complaints/filed/code.svg", qr.access_code, name="access_code_qr"),
    path("uploads/", uploads.collection, name="uploads"),
    path("uploads/<uuid:upload_id>", uploads.upload, name="upload"),
    path("follow/", follow.enter, name="follow"),
    path("follow/case/", follow.follow_case, name="follow_case"),
    path("follow/add/", additions.begin, name="add"),
    path("follow/add/<uuid:key>/", additions.addition, name="addition"),
    path("follow/receipt/", follow.receipt, name="follow_receipt"),
    path("follow/receipt/extended/", follow.receipt_of_today, name="follow_receipt_extended"),
    path("follow/receipt/paper/", follow.receipt_on_paper, name="follow_receipt_paper"),
    path("follow/bundle/", follow.own_bundle, name="follow_bundle"),
    path("follow/exhibits/<int:number>/copies/<uuid:key>/", own_evidence.derivative, name="follow_derivative"),
    path("follow/exhibits/<int:number>/original/", own_evidence.original, name="follow_original"),
    path("follow/exhibits/<int:number>/transcript/", own_evidence.transcript, name="follow_transcript"),
    path("follow/leave/", follow.leave, name="leave_case"),
    path("verify/", verify.verify, name="verify"),
    path("verify/holdfast_verify.py", verify.verifier, name="verifier"),
    path("verify/verify.html", verify.page, name="verify_page"),
    path("ledger/", pages.ledger, name="ledger"),
    path("ledger/checkpoint", pages.checkpoint, name="checkpoint"),
    path("ledger/key", pages.key, name="ledger_key"),
    path("ledger/leaf/<int:index>/<int:size>", proofs.leaf, name="ledger_leaf"),
    path("ledger/consistency/<int:old>/<int:new>", proofs.consistency, name="ledger_consistency"),
    path("ledger/roots.pem", pages.roots, name="ledger_roots"),
]
