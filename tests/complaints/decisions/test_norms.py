"""What a finding can say was departed from: each kind of conduct has something, each with a source."""

from typing import Any

from django.utils import translation

from complaints.decisions import norms
from complaints.reference import sources
from complaints.reference.conduct import BY_CODE, KINDS


def test_each_kind_of_conduct_has_a_norm() -> None:
    for kind in KINDS:
        assert norms.of(kind.code), kind.code


def test_each_norm_is_about_known_kinds_and_has_both_languages() -> None:
    for norm in norms.all_by_id().values():
        assert set(norm.kinds) <= set(BY_CODE)
        assert norm.zh
        assert norm.en
        assert norm.source.force in sources.FORCES
        assert norm.source.force != "channel"


def test_it_is_told_with_its_source_in_the_readers_language() -> None:
    norm = norms.all_by_id()["cn-visits"]
    assert str(norm).endswith(f"({norm.source.en})")
    with translation.override("zh-hans"):
        assert str(norm) == f"{norm.zh}（{norm.source.zh}）"


def test_a_document_keeps_it_whole() -> None:
    frozen = norms.all_by_id()["cn-visits"].frozen
    assert (frozen["force"], frozen["read"]) == ("self_regulation", "S2")
    assert frozen["cited_zh"].startswith("中国银行业协会")


def test_rules_of_the_portals_country_come_first(settings: Any) -> None:
    for country in ("CN", "US", "GB"):
        settings.COUNTRY = country
        for kind in KINDS:
            own = [norm.source.country == country for norm in norms.of(kind.code)]
            assert own == sorted(own, reverse=True), (country, kind.code)
