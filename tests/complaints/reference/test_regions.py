"""The regions to choose from, grouped by country, each country in its usual order."""

import re
from typing import Any

import pytest
from django.utils import translation

from complaints.drafts.questions.parties import WhoForm
from complaints.models import Complaint
from complaints.reference import regions
from complaints.reference.choices import Relation

GROUP = re.compile('<optgroup label="([^"]+)">(.*?)</optgroup>', re.DOTALL)
FIRST_AND_LAST = {
    ("CN", "zh-hans"): [("中国", "北京市 天津市 河北省", "台湾省"), ("美国", "亚拉巴马州 阿拉斯加州", "怀俄明州")],
    ("US", "en"): [("United States", "Alabama Alaska Arizona", "Wyoming"), ("China", "Beijing Tianjin", "Taiwan")],
}


@pytest.mark.parametrize("where", FIRST_AND_LAST)
def test_regions_are_grouped_by_country_in_their_usual_order(settings: Any, where: tuple[str, str]) -> None:
    settings.COUNTRY, language = where
    with translation.override(language):
        page = str(WhoForm())
    for found, (country, first, last) in zip(GROUP.findall(page), FIRST_AND_LAST[where], strict=True):
        labels = " ".join(re.findall(">([^<]+)</option>", found[1]))
        assert found[0] == country
        assert labels.startswith(first)
        assert labels.endswith(last)


def test_elsewhere_is_the_last_choice_and_can_be_kept(db: None) -> None:
    assert [str(value) for value, _label in regions.choices()][-1] == regions.ELSEWHERE
    form = WhoForm({"relation": Relation.DEBTOR, "region": regions.ELSEWHERE})
    assert form.is_valid()
    assert f'<option value="{regions.ELSEWHERE}" selected>' in str(form)
    assert max(map(len, regions.NAMES)) <= (Complaint._meta.get_field("region").max_length or 0)


def test_every_region_is_offered_once_under_its_code() -> None:
    offered = re.findall('<option value="([A-Z][^"]+)"', str(WhoForm()))
    assert sorted(offered) == sorted(regions.NAMES)
