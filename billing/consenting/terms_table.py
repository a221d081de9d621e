"""The words themselves, by edition. They are data and not translations: what was agreed to is kept by its hash.

An edition that buyers have read is never edited: copy it, change it, give it a name and a date. The numbers are
those of the refund rules, which a test compares. Have a lawyer read the table.
"""

from datetime import UTC, datetime
from typing import Final

from billing.consenting import countries, laws
from billing.consenting.terms import Edition, Terms

_EU_BOX: Final = {
    "en": "Start at once, before the 14 days are over. I know that I lose my right of withdrawal as soon as the film has begun.",
    "ko": "14일의 철회 기간이 끝나기 전에 바로 시작해 주세요. 영상이 시작되면 철회할 권리를 잃는다는 점을 알고 있어요.",
    "ja": "14日間の撤回期間が終わる前に、すぐに視聴を始めます。再生が始まると撤回の権利を失うことを理解しています。",
}  # fmt: skip
_UK_BOX: Final = {
    "en": "Start at once, before the 14 days are over. I know that I lose my right to cancel as soon as the film has begun.",
    "ko": "14일의 취소 기간이 끝나기 전에 바로 시작해 주세요. 영상이 시작되면 취소할 권리를 잃는다는 점을 알고 있어요.",
    "ja": "14日間のキャンセル期間が終わる前に、すぐに視聴を始めます。再生が始まるとキャンセルの権利を失うことを理解しています。",
}  # fmt: skip
_NOTICES: Final[dict[tuple[str, str, str], str]] = {
    ("eu", "own", "en"): "You may withdraw within 14 days without giving a reason, on our withdrawal page or by e-mail. Hardly watched, it goes back within 7 days even after that right is lost.",
    ("eu", "own", "ko"): "이유를 밝히지 않고 14일 안에 철회 페이지나 이메일로 계약을 철회할 수 있어요. 그 권리를 잃은 뒤에도 거의 보지 않았다면 7일 안에는 돌려드려요.",
    ("eu", "rent", "en"): "You may withdraw within 14 days without giving a reason, on our withdrawal page or by e-mail.",
    ("eu", "rent", "ko"): "이유를 밝히지 않고 14일 안에 철회 페이지나 이메일로 계약을 철회할 수 있어요.",
    ("uk", "own", "en"): "You may cancel within 14 days without giving a reason, on our withdrawal page or by e-mail. Hardly watched, it goes back within 7 days even after that right is lost.",
    ("uk", "own", "ko"): "이유를 밝히지 않고 14일 안에 철회 페이지나 이메일로 계약을 취소할 수 있어요. 그 권리를 잃은 뒤에도 거의 보지 않았다면 7일 안에는 돌려드려요.",
    ("uk", "rent", "en"): "You may cancel within 14 days without giving a reason, on our withdrawal page or by e-mail.",
    ("uk", "rent", "ko"): "이유를 밝히지 않고 14일 안에 철회 페이지나 이메일로 계약을 취소할 수 있어요.",
    ("kr", "own", "en"): "You may withdraw within 7 days, as long as no more than 10 minutes and no more than 20% have been watched. Watching more ends that right.",
    ("kr", "own", "ko"): "시청이 10분 이하이고 전체의 20% 이하라면 7일 안에 청약을 철회할 수 있어요. 그보다 더 시청하면 철회할 수 없어요.",
    ("kr", "rent", "en"): "You may withdraw within 7 days, as long as the rental has not been started. Starting it ends that right.",
    ("kr", "rent", "ko"): "대여를 시작하지 않았다면 7일 안에 청약을 철회할 수 있어요. 시청을 시작하면 철회할 수 없어요.",
    ("", "own", "en"): "Not right for you? Within 7 days you get all of it back, as long as no more than 10 minutes and no more than 20% have been watched. Watching more ends that.",
    ("", "own", "ko"): "마음에 들지 않으세요? 시청이 10분 이하이고 전체의 20% 이하라면 7일 안에 전액 돌려드려요. 그보다 더 시청하면 돌려드릴 수 없어요.",
    ("", "rent", "en"): "Changed your mind? A rental that has not been started is given back in full. Starting it ends that.",
    ("", "rent", "ko"): "마음이 바뀌셨나요? 시작하지 않은 대여는 전액 돌려드려요. 시청을 시작하면 돌려드릴 수 없어요.",
}  # fmt: skip
_MEMBERS: Final[dict[tuple[str, str, str], str]] = {
    ("eu", "membership", "en"): "You may withdraw within 14 days without giving a reason, on our withdrawal page or by e-mail. You then pay for the days that have begun, and get the others back.",
    ("eu", "membership", "ko"): "이유를 밝히지 않고 14일 안에 철회 페이지나 이메일로 계약을 철회할 수 있어요. 그때는 시작된 날만큼만 내고, 남은 날의 금액은 돌려받아요.",
    ("uk", "membership", "en"): "You may cancel within 14 days without giving a reason, on our withdrawal page or by e-mail. You then pay for the days that have begun, and get the others back.",
    ("uk", "membership", "ko"): "이유를 밝히지 않고 14일 안에 철회 페이지나 이메일로 계약을 취소할 수 있어요. 그때는 시작된 날만큼만 내고, 남은 날의 금액은 돌려받아요.",
    ("kr", "membership", "en"): "Within 7 days of a payment you may withdraw and get all of it back, as long as nothing has been watched since; watching ends that right. You may end it at any time and get the unused days back.",
    ("kr", "membership", "ko"): "결제하고 7일 안에, 그 뒤로 시청하지 않았다면 청약을 철회하고 전액 돌려받을 수 있어요. 시청하면 그럴 수 없어요. 언제든 그만두고 남은 날의 금액을 돌려받을 수도 있어요.",
    ("", "membership", "en"): "Changed your mind? Within 7 days of a payment you get all of it back, as long as nothing has been watched since; watching ends that. Of a yearly membership the unused days are given back at any time.",
    ("", "membership", "ko"): "마음이 바뀌셨나요? 결제하고 7일 안에, 그 뒤로 시청하지 않았다면 전액 돌려드려요. 시청하면 돌려드릴 수 없어요. 연간 멤버십은 언제든 남은 날의 금액을 돌려드려요.",
}  # fmt: skip
# The first edition with Japanese. Its words are added to what was said in the others before.
_JAPANESE: Final[dict[tuple[str, str, str], str]] = {
    ("eu", "own", "ja"): "理由を示すことなく、14日以内に、撤回のページまたはメールで契約を撤回できます。その権利を失った後も、ほとんど視聴していなければ7日以内は返金します。",
    ("eu", "rent", "ja"): "理由を示すことなく、14日以内に、撤回のページまたはメールで契約を撤回できます。",
    ("uk", "own", "ja"): "理由を示すことなく、14日以内に、撤回のページまたはメールで契約をキャンセルできます。その権利を失った後も、ほとんど視聴していなければ7日以内は返金します。",
    ("uk", "rent", "ja"): "理由を示すことなく、14日以内に、撤回のページまたはメールで契約をキャンセルできます。",
    ("kr", "own", "ja"): "視聴が10分以内かつ全体の20%以内であれば、7日以内に申し込みを撤回できます。それを超えて視聴すると、撤回できなくなります。",
    ("kr", "rent", "ja"): "レンタルの視聴を始めていなければ、7日以内に申し込みを撤回できます。視聴を始めると、撤回できなくなります。",
    ("", "own", "ja"): "お気に召さなかった場合、視聴が10分以内かつ全体の20%以内であれば、7日以内に全額を返金します。それを超えて視聴すると、返金できなくなります。",
    ("", "rent", "ja"): "お気持ちが変わった場合、視聴を始めていないレンタルは全額を返金します。視聴を始めると、返金できなくなります。",
    ("eu", "membership", "ja"): "理由を示すことなく、14日以内に、撤回のページまたはメールで契約を撤回できます。その場合のお支払いは始まった日数分だけで、残りは返金します。",
    ("uk", "membership", "ja"): "理由を示すことなく、14日以内に、撤回のページまたはメールで契約をキャンセルできます。その場合のお支払いは始まった日数分だけで、残りは返金します。",
    ("kr", "membership", "ja"): "お支払いから7日以内で、その後に視聴していなければ、申し込みを撤回して全額の返金を受けられます。視聴すると、撤回できなくなります。いつでも解約でき、未使用の日数分は返金します。",
    ("", "membership", "ja"): "お気持ちが変わった場合、お支払いから7日以内で、その後に視聴していなければ、全額を返金します。視聴すると、返金できなくなります。年額メンバーシップの未使用の日数分は、いつでも返金します。",
}  # fmt: skip
_EU_MEMBERS_BOX: Final = {
    "en": "Start at once, before the 14 days are over. I know that if I withdraw, I pay for the days that have begun by then.",
    "ko": "14일의 철회 기간이 끝나기 전에 바로 시작해 주세요. 철회하면 그때까지 시작된 날만큼은 내야 한다는 점을 알고 있어요.",
    "ja": "14日間の撤回期間が終わる前に、すぐに利用を始めます。撤回した場合は、それまでに始まった日数分を支払うことを理解しています。",
}  # fmt: skip
_UK_MEMBERS_BOX: Final = {
    "en": "Start at once, before the 14 days are over. I know that if I cancel, I pay for the days that have begun by then.",
    "ko": "14일의 취소 기간이 끝나기 전에 바로 시작해 주세요. 취소하면 그때까지 시작된 날만큼은 내야 한다는 점을 알고 있어요.",
    "ja": "14日間のキャンセル期間が終わる前に、すぐに利用を始めます。キャンセルした場合は、それまでに始まった日数分を支払うことを理解しています。",
}  # fmt: skip
_BOXES: Final = {
    **{(law, kind): box for law, box in (("eu", _EU_BOX), ("uk", _UK_BOX)) for kind in ("own", "rent")},
    ("eu", "membership"): _EU_MEMBERS_BOX,
    ("uk", "membership"): _UK_MEMBERS_BOX,
}


def _terms(notices: dict[tuple[str, str, str], str]) -> tuple[Terms, ...]:
    return tuple(
        Terms(
            law=law,
            kind=kind,
            language=language,
            notice=notice,
            box=_BOXES.get((law, kind), {}).get(language, ""),
            warns=(law, kind) not in _BOXES,  # there it is the box that says so
        )
        for (law, kind, language), notice in notices.items()
    )


EDITIONS: Final = (
    Edition(
        name="2026-11",
        effective_at=datetime(2026, 11, 22, tzinfo=UTC),
        terms=_terms(_NOTICES),
    ),
    # Speaks of memberships too.
    Edition(
        name="2026-11-27",
        effective_at=datetime(2026, 11, 27, tzinfo=UTC),
        terms=_terms({**_NOTICES, **_MEMBERS}),
    ),
    # Speaks Japanese too.
    Edition(
        name="2026-11-27-ja",
        effective_at=datetime(2026, 11, 27, 9, tzinfo=UTC),
        terms=_terms({**_NOTICES, **_MEMBERS, **_JAPANESE}),
    ),
)


def in_force(at: datetime) -> Edition:
    """This will give the edition that is shown at this instant; before the first one, the first."""
    begun = [edition for edition in EDITIONS if edition.effective_at <= at]
    return begun[-1] if begun else EDITIONS[0]


def law_at(*, time_zone: str, currency: str, language: str) -> str:
    """This will name the law that probably has a say, from what is known before a card is."""
    return laws.law_of(countries.likely(time_zone=time_zone, currency=currency, language=language))


def name_of(edition: Edition, terms: Terms) -> str:
    """This will name the words in one short string, for a quote to carry."""
    return f"{edition.name}/{terms.law}/{terms.language}"


def named(name: str, *, kind: str) -> tuple[Edition, Terms] | None:
    """This will find again what `name_of` named, for the kind of the offer; None where there is no such."""
    edition_name, _, rest = name.partition("/")
    law, _, language = rest.partition("/")
    edition = next((each for each in EDITIONS if each.name == edition_name), None)
    terms = edition.find(law=law, kind=kind, language=language) if edition else None
    return (edition, terms) if edition and terms else None
