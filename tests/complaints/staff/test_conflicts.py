"""Conflicts of interest: whom they concern, and that whoever has one finds no trace of the case."""

import pytest
from django.core.cache import cache
from django.http import Http404
from django.utils import timezone

from complaints.assignment import declarations, routing
from complaints.cases import lifecycle, queues
from complaints.models import CallBack, Case, Conflict, Declaration, Role, StaffMember, Team
from complaints.oversight import alarms
from complaints.refusal import Refused
from complaints.rights import contact_details
from complaints.safety import callbacks
from complaints.staff import access, conflicts
from evidence import ledger
from tests.support import cast, office
from tests.support.routing_office import a_rule, filed, has_to_do_with

Kind = Declaration.Kind
QUEUE = "/admin/complaints/case/"


@pytest.fixture
def case(south: Team, borrower: cast.Filed) -> Case:
    """Lender Example Consumer Finance, agency Example Collection Ltd, of 李小梅."""
    return office.routed(borrower.case, south)


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        (Kind.ORGANISATION, "example consumer finance", True),
        (Kind.ORGANISATION, "Consumer Finance", True),
        (Kind.ORGANISATION, "Another Collection Ltd", False),
        (Kind.ORGANISATION, "EXAMPLE COLLECTION LTD, Shanghai", True),
        (Kind.ORGANISATION, "Ｅｘａｍｐｌｅ Ｃｏｌｌｅｃｔｉｏｎ", True),
        (Kind.ORGANISATION, "Harbour Bank", False),
        (Kind.COLLECTOR, "+86 571-8888-0001", True),
        (Kind.COLLECTOR, "(0571) 8888 0001", True),
        (Kind.COLLECTOR, "Example Consumer Finance", False),
        (Kind.COLLECTOR, "0571–8888•0001", True),
        (Kind.ORGANISATION, "Example–Consumer\u200b・Finance", True),
        (Kind.BORROWER, "李小梅", True),
        (Kind.BORROWER, "李•小\u200b梅", True),
        (Kind.BORROWER, " 李 小梅", True),
        (Kind.BORROWER, "李小", False),
        (Kind.BORROWER, "小梅·李", True),
        (Kind.BORROWER, "小李梅", False),
        (Kind.BORROWER, "一三八〇〇一三八〇〇〇", True),
        (Kind.COLLECTOR, "〇五七一 八八八八 〇〇〇一", True),
        (Kind.BORROWER, "+86 138 0013 8000", True),
        (Kind.BORROWER, "MEI@example.org", True),
        (Kind.BORROWER, "王先生", False),
    ],
)
def test_a_declaration_concerns_a_case_that_names_the_same(
    kind: str, name: str, found: bool, case: Case, investigator: StaffMember
) -> None:
    has_to_do_with(investigator, name, kind)
    assert conflicts.has_conflict(case, investigator) is found
    assert access.may_see(investigator, case) is not found


@pytest.mark.parametrize(
    ("used", "declared", "found"),
    [
        ("95555", "95555", True),  # lenders' hotlines have five digits
        ("95555", "9-5555", True),
        ("9555", "9555", False),  # an extension could be anybody's
        ("0571 8888", "8888", False),
        ("number withheld", "number withheld", False),
        ("9555X", "9555X", False),
    ],
)
def test_a_collector_is_known_by_a_number_of_five_digits_or_more(
    used: str, declared: str, found: bool, south: Team, investigator: StaffMember
) -> None:
    parties = {**cast.ANSWERS["parties"], "numbers": [used]}
    case = office.routed(cast.file_a_complaint(files=[], parties=parties, contacts={"acts": []}).case, south)
    has_to_do_with(investigator, declared, Kind.COLLECTOR)
    assert conflicts.has_conflict(case, investigator) is found


@pytest.mark.parametrize(("lender", "found"), [("Visa", True), ("Via", False), ("宏远", True), ("宏", False)])
def test_a_declared_name_that_contains_the_cases_is_the_same_from_four_letters_or_two_characters_on(
    lender: str, found: bool, south: Team, investigator: StaffMember
) -> None:
    has_to_do_with(investigator, f"{lender} Northern")
    assert conflicts.has_conflict(filed(lender=lender), investigator) is found


def test_a_collector_is_known_by_what_they_called_themselves(south: Team, investigator: StaffMember) -> None:
    act = {"key": "a", "when": "2026-11-20", "precision": "day", "claimed": "Example 王经理"}
    told = cast.file_a_complaint(files=[], contacts={"acts": [act]}).case
    has_to_do_with(investigator, "王经理", Kind.COLLECTOR)
    assert conflicts.has_conflict(told, investigator)


def test_what_is_filed_later_is_found_too(south: Team, investigator: StaffMember) -> None:
    has_to_do_with(investigator, "Bright Loans")
    assert conflicts.has_conflict(filed(lender="Bright Loans Ltd"), investigator)
    assert not conflicts.has_conflict(filed(), investigator)


def test_a_borrower_who_names_themselves_later_is_found_then(case: Case, investigator: StaffMember) -> None:
    has_to_do_with(investigator, "王小明", Kind.BORROWER)
    assert not conflicts.has_conflict(case, investigator)
    contact_details.change(case, name="王小明")
    assert conflicts.has_conflict(case, investigator)
    contact_details.change(case, name="")
    assert conflicts.has_conflict(case, investigator), "it is still them"


@pytest.mark.parametrize("who", ["investigator", "supervisor", "auditor"])
def test_whoever_has_a_conflict_finds_no_trace(
    who: str, case: Case, south: Team, request: pytest.FixtureRequest
) -> None:
    member: StaffMember = request.getfixturevalue(who)
    other = office.routed(filed(lender="Harbour Bank"), south)
    client = cast.signed_in(member)
    assert str(case.reference) in client.get(f"{QUEUE}?queue=open").content.decode()
    before = queues.counts(member)

    has_to_do_with(member, "Example Consumer Finance")

    after = queues.counts(member)
    assert (before["open"], after["open"]) == (2, 1)
    for query in ("?queue=open", "?q=工", f"?q={case.reference}", "?q=Consumer", "?queue=unassigned"):
        page = client.get(f"{QUEUE}{query}").content.decode()
        typed = query.rpartition("=")[2]  # the page repeats it
        assert case.reference not in page.replace(typed, ""), query
        assert f"/case/{case.pk}/" not in page
    place = queues.place(member, queues.QueueQuery("open"), other)
    assert (place.total, place.previous, place.next) == (1, None, None)
    with pytest.raises(Http404):
        access.case_or_404(member, case.pk)
    for address in ("", "hands/", "exhibits/1/file/", "exhibits/1/transcript/"):
        assert client.get(f"{QUEUE}{case.pk}/{address}").status_code == 404
    for address in ("export/", "begin/", "assign/", "exhibits/look/", "exhibits/1/original/"):
        assert client.post(f"{QUEUE}{case.pk}/{address}", {"reason": "review"}).status_code == 404
    chosen = {"action": "export_bundle", "_selected_action": [case.pk]}
    answer = client.post(f"{QUEUE}?queue=open", chosen)
    assert "zip" not in answer.get("Content-Disposition", "")
    tried = client.get("/admin/complaints/routingrule/try/", {"reference": case.reference})
    assert tried.status_code == 403 or "no case with this reference" in tried.content.decode()


@pytest.mark.parametrize("action", ["begin", "assign"])
def test_no_step_is_taken_by_whom_it_concerns(action: str, case: Case, investigator: StaffMember) -> None:
    has_to_do_with(investigator, "Example Consumer Finance")
    with pytest.raises(Refused):
        office.step(case, action, investigator)


def test_the_case_is_given_to_nobody_whom_it_concerns(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    has_to_do_with(investigator, "Example Consumer Finance")
    with pytest.raises(Refused, match="cannot take the case"):
        lifecycle.advance(
            case,
            "assign",
            by=access.actor(supervisor),
            staff=supervisor,
            changes={"assignee": investigator},
        )
    assert office.now(case).assignee is None


def test_whoever_declares_loses_the_cases_they_have(case: Case, investigator: StaffMember, south: Team) -> None:
    Case.objects.filter(pk=case.pk).update(assignee=investigator)
    has_to_do_with(investigator, "Example Consumer Finance")
    assert (office.now(case).assignee, office.now(case).team) == (None, south)
    told = office.last_of(case, "case.assigned")
    assert (told["by"], told["data"]["why"]) == ({"role": "system"}, "conflict")


def test_the_alarms_of_whom_it_concerns_do_not_count_it(
    case: Case, supervisor: StaffMember, auditor: StaffMember
) -> None:
    waits = "1 case waits in its team's queue, in nobody's hands."
    has_to_do_with(supervisor, "Example Consumer Finance")
    cache.clear()
    assert alarms.sounding(supervisor) == []
    assert alarms.sounding(auditor) == [waits]
    assert alarms.sounding(supervisor) == [], "what one reader was told is not kept for the other"


def test_a_caller_whom_one_has_a_conflict_with_is_called_by_others(
    investigator: StaffMember, supervisor: StaffMember
) -> None:
    asked = callbacks.ask(language="en", channel="phone", reach="138 0013 8000")
    has_to_do_with(investigator, "13800138000", Kind.BORROWER)
    client, other = cast.signed_in(investigator), cast.signed_in(supervisor)
    assert "138 0013 8000" not in client.get("/admin/complaints/callback/").content.decode()
    assert "138 0013 8000" in other.get("/admin/complaints/callback/").content.decode()
    done = {"outcome": CallBack.Outcome.SPOKEN}
    assert client.post(f"/admin/complaints/callback/{asked.pk}/done/", done).status_code == 404
    with pytest.raises(Refused):
        callbacks.done(asked, by=investigator, outcome="spoken")
    CallBack.objects.update(due_at=timezone.now())
    cache.clear()
    assert alarms.sounding(investigator) == []
    assert len(alarms.sounding(supervisor)) == 1


def test_nobody_declares_for_others_but_those_in_charge_with_a_reason(
    case: Case, investigator: StaffMember, supervisor: StaffMember, auditor: StaffMember
) -> None:
    with pytest.raises(Refused, match="of your own"):
        has_to_do_with(supervisor, "Example Consumer Finance", by=investigator)
    with pytest.raises(Refused, match="Write why"):
        declarations.declare(auditor, by=supervisor, kind=Kind.ORGANISATION, name="Example Finance")
    has_to_do_with(auditor, "Example Consumer Finance", by=supervisor)
    assert not access.may_see(auditor, case)


@pytest.mark.parametrize("name", ["", "  ", "a", "工", "ex"])
def test_a_name_that_would_be_found_everywhere_is_refused(name: str, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="too short"):
        has_to_do_with(investigator, name)
    assert not Declaration.objects.exists()


@pytest.mark.parametrize(
    "name", ["公司", "有限责任公司", "消费金融 有限公司", "Ltd.", "Bank", "The Loan Company, Inc.", "銀行"]
)
def test_a_name_that_any_organisation_could_have_is_refused(name: str, investigator: StaffMember) -> None:
    with pytest.raises(Refused, match="too general"):
        has_to_do_with(investigator, name)
    assert has_to_do_with(investigator, f"宏远 {name}")


def test_one_case_is_declared_by_its_reference_by_who_sees_it(
    case: Case, investigator: StaffMember, investigator_north: StaffMember
) -> None:
    with pytest.raises(Refused, match="no case with this reference"):
        has_to_do_with(investigator_north, case.reference, Kind.CASE)
    has_to_do_with(investigator, case.reference.lower(), Kind.CASE)
    assert not access.may_see(investigator, case)


def test_nobody_lifts_their_own_conflict(
    case: Case, supervisor: StaffMember, administrator: StaffMember, investigator: StaffMember
) -> None:
    declared = has_to_do_with(supervisor, "Example Consumer Finance")
    for member in (supervisor, investigator, administrator):
        with pytest.raises(Refused, match="nobody lifts their own"):
            declarations.end(declared, by=member)
    declarations.end(declared, by=cast.staff("another", Role.SUPERVISOR))
    assert access.may_see(supervisor, case)
    assert not Conflict.objects.exists()
    kinds = [entry.kind for entry in ledger.history("portal") if entry.kind.startswith("conflict.")]
    assert kinds == ["conflict.declared", "conflict.ended"]


def test_the_ledger_knows_a_declaration_by_its_digest_alone(investigator: StaffMember) -> None:
    declared = has_to_do_with(investigator, "李小梅", Kind.BORROWER)
    told = next(ledger.content_of(one) for one in ledger.history("portal") if one.kind == "conflict.declared")
    assert told["data"] == {"declaration": declared.sha256, "about": "borrower"}
    assert "李小梅" in bytes(declared.document).decode()


def test_another_conflict_goes_on_where_one_has_ended(
    case: Case, investigator: StaffMember, supervisor: StaffMember
) -> None:
    first = has_to_do_with(investigator, "Example Consumer Finance")
    has_to_do_with(investigator, "李小梅", Kind.BORROWER)
    declarations.end(first, by=supervisor)
    assert not access.may_see(investigator, case)


def test_others_declarations_tell_nothing_of_a_case_that_is_kept_from_the_reader(
    case: Case, supervisor: StaffMember, auditor: StaffMember, investigator: StaffMember
) -> None:
    has_to_do_with(investigator, case.reference, Kind.CASE)
    has_to_do_with(supervisor, "Example Consumer Finance")
    address = "/admin/complaints/declaration/"
    assert case.reference in cast.signed_in(auditor).get(address).content.decode()
    page = cast.signed_in(supervisor).get(address).content.decode()
    assert case.reference not in page
    assert "Example Consumer Finance" in page
    own = cast.signed_in(investigator).get(address).content.decode()
    assert case.reference in own
    assert "Example Consumer Finance" not in own


def test_routing_passes_over_whom_it_concerns_and_says_so(south: Team) -> None:
    member = cast.staff("member", Role.INVESTIGATOR, south)
    has_to_do_with(member, "Example Finance")
    a_rule(1, south)
    made = routing.route(filed())
    assert made is not None
    assert (made.investigator, [one["why"] for one in made.candidates]) == (None, ["conflict"])
