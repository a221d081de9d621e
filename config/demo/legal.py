"""Terms and a privacy notice for the demonstration, so that every link leads somewhere."""

from typing import Final

from django.utils import timezone

from billing.models import LegalText

_TEXTS: Final = {
    LegalText.Kind.TERMS: (
        """# What you buy
A film to own stays in your library. A rental begins when you press play. A membership renews until canceled.

# What this is
This shop is a try-out: these terms are an example, and no lawyer saw them.""",
        """# 무엇을 구매하나요
소장한 영상은 보관함에 계속 남아요. 대여는 재생을 누르면 시작돼요. 멤버십은 해지할 때까지 갱신돼요.

# 안내
체험용 상점이라서 이 약관은 예시이고, 변호사의 검토를 받지 않았어요.""",
        """# ご購入いただくもの
購入した作品はライブラリにずっと残ります。レンタルは再生を押したときに始まります。メンバーシップは解約するまで更新されます。

# ご案内
お試し用のショップのため、この規約は例であり、弁護士の確認を受けたものではありません。""",
    ),
    LegalText.Kind.PRIVACY: (
        """# What we keep
Your e-mail address, what you bought, and how far you watched.

# What this is
This shop is a try-out: this notice is an example, and no lawyer saw it.""",
        """# 무엇을 보관하나요
이메일 주소, 구매한 영상, 어디까지 봤는지를 보관해요.

# 안내
체험용 상점이라서 이 안내는 예시이고, 변호사의 검토를 받지 않았어요.""",
        """# 保管する情報
メールアドレス、ご購入の作品、視聴した位置を保管します。

# ご案内
お試し用のショップのため、このポリシーは例であり、弁護士の確認を受けたものではありません。""",
    ),
}


def publish() -> None:
    """Put the first editions in force. Where there are some nothing changes."""
    for kind, (english, korean, japanese) in _TEXTS.items():
        if not LegalText.objects.filter(kind=kind).exists():
            words = {"body_en": english, "body_ko": korean, "body_ja": japanese}
            LegalText.objects.create(kind=kind, number=1, effective_at=timezone.now(), **words)
