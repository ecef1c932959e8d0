"""The guides: the same claims in both languages, each with a source that says how sure we are of it."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.template import Context, Template, TemplateSyntaxError, engines
from django.template.loader import get_template
from django.urls import reverse
from django.utils.safestring import SafeString

from complaints.reference import sources
from complaints.safety import helplines
from complaints.safety.helplines import AT_ONCE
from complaints.templatetags import tappable
from complaints.templatetags.guides import Claim
from complaints.views.public.guides import FOLDERS, TITLES
from tests.support.pages import Inline, on_one_line, somebody, text
from tests.support.services import ROOT

TOPICS = list(TITLES)
FOLDER = ROOT / "templates" / "guide"
WITHOUT_A_DATE = ("channel", "regulator_rule", "technical")
# The sites of those who issue the rules, run the hotlines and make the program.
ISSUERS = re.compile(
    r"(?:.+\.)?(?:gov\.cn|nifa\.org\.cn|china-cba\.net|12315\.cn|12321\.cn|10086\.cn|consumerfinance\.gov|ftc\.gov"
    r"|handbook\.fca\.org\.uk|rbi\.org\.in|github\.com)"
)
EMERGENCY = {
    one.tel for country in helplines.countries().values() for one in country.numbers if one.need in AT_ONCE
}


def written(language: str, topic: str) -> str:
    return (FOLDER / FOLDERS[language] / f"{topic}.html").read_text(encoding="utf-8")


def shape(language: str, topic: str) -> list[tuple[str, ...]]:
    """Sections and claims in their order: ("section", id) or ("claim", key, source…)."""
    found = re.findall(r'<h2 id="(\w+)"|{% claim ([^%]+) %}', written(language, topic))
    return [
        ("section", section) if section else ("claim", *re.findall(r'"([^"]+)"', claim))
        for section, claim in found
    ]


def outside_of_claims(page: str) -> str:
    page = re.sub(r"{% claim .*?{% endclaim %}", "", page, flags=re.S)
    return re.sub(r"<[^>]+>|{%[^%]+%}", " ", page)


@pytest.mark.parametrize("topic", TOPICS)
def test_both_languages_have_the_same_sections_and_claims(topic: str) -> None:
    assert shape("en", topic) == shape("zh-hans", topic)
    assert sum(kind == "claim" for kind, *_rest in shape("en", topic)) >= 6


@pytest.mark.parametrize("topic", TOPICS)
def test_a_key_names_one_claim_of_a_guide(topic: str) -> None:
    keys = [claim[1] for claim in shape("en", topic) if claim[0] == "claim"]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("language", FOLDERS)
def test_what_is_told_without_a_source_names_no_rule_and_no_number(language: str, topic: str) -> None:
    told = on_one_line(outside_of_claims(written(language, topic)))
    assert not re.findall(r"\d|《|法律规定|不得|must not|the law (?!firm)", told), told


def test_a_claim_without_a_source_does_not_compile() -> None:
    with pytest.raises(TemplateSyntaxError, match="needs sources"):
        Template('{% load guides %}{% claim "bold" %}They owe you money.{% endclaim %}')


def test_a_claim_with_an_unknown_source_does_not_compile() -> None:
    with pytest.raises(TemplateSyntaxError, match="hearsay"):
        Template('{% load guides %}{% claim "bold" "cn-gbt" "hearsay" %}x{% endclaim %}')


def test_a_claim_is_marked_when_its_source_is_not_confirmed() -> None:
    made = Template(
        '{% load guides %}{% claim "a" "cn-bills" %}x{% endclaim %}{% claim "b" "cn-gbt" %}y{% endclaim %}'
    )
    first, second = made.render(Context({"used": []})).split("</li>")[:2]
    assert "not confirmed" in first
    assert "not confirmed" not in second
    assert 'href="#source-2"' in second


def test_every_source_is_complete_and_used_by_a_claim() -> None:
    used = {name for topic in TOPICS for claim in shape("en", topic) for name in claim[2:]}
    assert used == sources.all_by_id().keys()
    for source in sources.all_by_id().values():
        assert source.zh and source.en
        assert source.force in sources.FORCES
        assert source.read in sources.READ
        assert source.country in ("CN", "US", "GB", "IN", "")
        assert source.address or not source.is_confirmed, source.id
        assert source.date or not source.is_confirmed or source.force in WITHOUT_A_DATE, source.id


def test_no_source_is_dated_to_come_but_where_it_was_published() -> None:
    for source in sources.all_by_id().values():
        assert source.date[:4] <= str(date.today().year), source.id  # noqa: DTZ011


def test_a_recommended_standard_is_not_called_a_law() -> None:
    known = sources.all_by_id()
    assert known["cn-gbt"].force == "recommended_standard"
    assert known["cn-cba"].force == "self_regulation"


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize(("asked", "given"), [("en-GB", "en"), ("zh-CN", "zh-hans")])
def test_every_guide_is_shown_with_its_sources_and_says_what_it_is_not(
    db: None, asked: str, given: str, topic: str
) -> None:
    page = text(somebody(asked).get(reverse("guide", args=[topic])))
    assert f'<html lang="{given}">' in page
    assert ("not legal advice" if given == "en" else "不是法律意见") in page
    assert Inline(page).found == []
    used = dict.fromkeys(name for claim in shape(given, topic) for name in claim[2:])
    for number, name in enumerate(used, 1):
        source = sources.all_by_id()[name]
        footnote = re.sub("<[^>]+>", "", page.split(f'<li id="source-{number}">')[1].split("</li>")[0])
        assert (source.zh if given == "zh-hans" else source.en).replace("’", "’") in footnote
        assert source.date in footnote
        assert str(source.how_sure) in footnote or given == "zh-hans"
    assert page.index("<details>") < page.index('<li id="source-1">')
    assert page.index('<li id="source-1">') < page.index(
        f'<p class="actions"><a class="button" href="{reverse("new")}">'
    )


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("topic", TOPICS)
def test_only_sites_of_the_issuers_themselves_are_linked(db: None, topic: str, language: str) -> None:
    page = text(somebody(language).get(reverse("guide", args=[topic])))
    for link, host in re.findall(r'(<a href="https?://([^/"]+)[^>]*>)', page):
        assert ISSUERS.fullmatch(host), host
        assert 'rel="noreferrer noopener"' in link
    assert all(ISSUERS.fullmatch(one.host) for one in sources.all_by_id().values() if one.address)


PAGES = ["/", "/about/", "/guide/numbers/", "/complaints/safety/", *(f"/guide/{topic}/" for topic in TOPICS)]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("address", PAGES)
def test_every_number_and_every_site_of_an_authority_can_be_tapped(db: None, address: str, language: str) -> None:
    page = text(somebody(language).get(address)).split("<main")[1].split("</main>")[0]
    bare = re.sub(r"<a\b.*?</a>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert tappable.tappable(SafeString(bare)) == bare
    assert "<a" not in "".join(re.findall(r"<a\b[^>]*>(.*?)</a>", page, re.DOTALL))


@pytest.mark.parametrize("address", PAGES)
def test_no_emergency_number_is_called_not_confirmed(db: None, address: str) -> None:
    page = text(somebody("en").get(address))
    for item in re.findall(r"<li.*?</li>", page, re.DOTALL):
        dialled = set(re.findall('href="tel:([^"]+)"', item))
        assert not (dialled & EMERGENCY and "not confirmed" in item), item


def test_only_whole_numbers_are_links_and_a_link_stays_as_it_is() -> None:
    linked = '<a href="tel:110">110</a>'
    assert tappable.tappable("打110。1100 A110 110.5 2110 <b>") == f"打{linked}。1100 A110 110.5 2110 &lt;b&gt;"
    assert (
        tappable.tappable(SafeString(f"<p title='110'>{linked} 110</p>"))
        == f"<p title='110'>{linked} {linked}</p>"
    )
    for counted in ("110 元", "¥110", "112次", "999 calls", "110,000", "911 days", "12,345"):
        assert tappable.tappable(counted) == counted
    assert tappable.tappable("116 123") == '<a href="tel:116123">116 123</a>'
    assert tappable.tappable("evil.consumerfinance.gov") == "evil.consumerfinance.gov"
    site = '<a href="https://consumerfinance.gov/" rel="noreferrer noopener">consumerfinance.gov</a>'
    assert tappable.tappable("consumerfinance.gov.") == f"{site}."


def test_titles_of_the_guides_are_neutral(db: None) -> None:
    for topic in TOPICS:
        title = re.search("<title>(.*?)</title>", text(somebody().get(reverse("guide", args=[topic]))))
        assert title
        assert not re.search("debt|collect|complain", title[1], re.I)


def test_an_unknown_guide_is_no_page(db: None) -> None:
    assert somebody().get("/guide/everything/").status_code == 404


def test_the_first_page_leads_to_the_guides(db: None) -> None:
    page = text(somebody().get("/"))
    for topic in TOPICS:
        assert f'href="{reverse("guide", args=[topic])}"' in page


def test_the_numbers_page_has_every_country_and_says_that_nobody_confirmed_them(
    db: None, settings: Any, tmp_path: Path
) -> None:
    page = text(somebody().get(reverse("guide_numbers")))
    for tel in ("110", "12356", "911", "988", "999", "116123", "112"):
        assert f'href="tel:{tel}"' in page
    assert page.index('id="here">China') < page.index("United States")
    assert "Our office has not checked these numbers yet." in page


def test_confirmed_numbers_say_since_when(db: None, settings: Any, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    shipped = (ROOT / "complaints/safety/helplines.toml").read_text(encoding="utf-8")
    own.write_text(
        shipped.replace('confirmed_by = ""', 'confirmed_by = "Zhang Min"').replace(
            'confirmed_on = ""', 'confirmed_on = "2026-11-20"'
        )
    )
    settings.HELPLINES = str(own)
    page = text(somebody().get(reverse("guide_numbers")))
    assert "checked these numbers on 20 November 2026" in page
    assert "Zhang Min" not in page


def test_claims_are_found_in_the_compiled_guides_too() -> None:
    """The shape above is read from the text; this is what Django makes of it."""
    assert engines["django"]
    for topic in TOPICS:
        compiled: Any = get_template(f"guide/en/{topic}.html")
        nodes = compiled.template.nodelist.get_nodes_by_type(Claim)
        assert [(node.key, *(source.id for source in node.sources)) for node in nodes] == [
            claim[1:] for claim in shape("en", topic) if claim[0] == "claim"
        ]
