"""The films, in the order they came to the shop: the last one is the newest and leads the catalogue."""

from dataclasses import dataclass
from typing import Final

Prices = dict[str, int]
"""Stripe's minor units by currency: 390 is 3.90 dollars or euros, 4900 is 4,900 won."""

Chapters = tuple[tuple[int, str, str], ...]
"""The second at which each begins, its English and its Korean title."""

REEL_SECONDS: Final = 24


@dataclass(frozen=True)
class Text:
    title: str
    tagline: str
    description: str


@dataclass(frozen=True)
class Film:
    slug: str
    media_content_key: str
    released_year: int
    age_rating: str
    audio_languages: tuple[str, ...]
    en: Text
    ko: Text
    own: Prices
    rent: Prices
    preview_seconds: int = 0
    trailer_key: str = ""
    chapters: Chapters = ()
    protection: str = "multi_drm"


_RENT: Final[Prices] = {"usd": 390, "eur": 390, "krw": 4900, "jpy": 600}
_OWN: Final[Prices] = {"usd": 790, "eur": 790, "krw": 9900, "jpy": 1200}
_LESSON_RENT: Final[Prices] = {"usd": 290, "eur": 290, "krw": 3900, "jpy": 450}
_LESSON_OWN: Final[Prices] = {"usd": 590, "eur": 590, "krw": 7900, "jpy": 900}

FILMS: Final = (
    Film(
        slug="the-vault-keeps-time",
        media_content_key="q8Vaul7K",
        released_year=2022,
        age_rating="0+",
        audio_languages=("ko", "en"),
        en=Text(
            "The Vault Keeps Time",
            "A bank closes. Its door goes on opening at nine.",
            "Nobody told the time lock that the branch was sold. Every morning the round door of a seaside "
            "bank swings open for a caretaker, a cat and an empty room. The one film of the shop that "
            "Kollus’ own player shows, and keeps for a journey without a network.",
        ),
        ko=Text(
            "금고는 시간을 지켜요",
            "은행은 문을 닫았는데, 금고 문은 아홉 시마다 열려요.",
            "지점이 팔렸다는 소식을 시한 자물쇠만 듣지 못했어요. 바닷가 은행의 둥근 문은 아침마다 관리인과 "
            "고양이, 텅 빈 방 앞에서 스르르 열려요. 이 가게에서 딱 한 편, 콜러스 플레이어로 보고 인터넷이 "
            "없는 여행길에도 저장해 갈 수 있는 영화예요.",
        ),
        own=_OWN,
        rent=_RENT,
        protection="kollus",
    ),
    Film(
        slug="first-the-stock",
        media_content_key="k7Ruda3M",
        released_year=2025,
        age_rating="0+",
        audio_languages=("ko",),
        en=Text(
            "First, the Stock",
            "Kelp, anchovy, and the courage to leave the pot alone.",
            "Everything good in a Korean kitchen begins with water that tastes of something. Yoon Sera "
            "shows the one gesture that decides it: when to take the kelp out. No music, no talk over the "
            "boil, only the sound you should be listening for.",
        ),
        ko=Text(
            "먼저, 육수",
            "다시마와 멸치, 그리고 냄비를 가만히 두는 용기.",
            "한국 부엌의 좋은 맛은 맛이 든 물에서 시작해요. 요리사 윤세라가 모든 것을 정하는 한 가지 동작, "
            "다시마를 건지는 순간을 보여 드려요. 음악도, 끓는 소리를 덮는 설명도 없어요. 귀 기울여야 할 "
            "소리만 들려요.",
        ),
        own=_LESSON_OWN,
        rent=_LESSON_RENT,
        preview_seconds=8,
        chapters=(
            (0, "Kelp in cold water", "찬물에 다시마"),
            (9, "Anchovies, without their heads", "머리를 뗀 멸치"),
            (17, "The moment to stop", "불을 끄는 순간"),
        ),
    ),
    Film(
        slug="knife-onion-breath",
        media_content_key="v3NaQe8T",
        released_year=2025,
        age_rating="0+",
        audio_languages=("ko", "en"),
        en=Text(
            "Knife, Onion, Breath",
            "How to slice an onion without a tear or a hurry.",
            "The second lesson is about the hand that does not hold the knife. Curl the fingers, breathe "
            "out on the way down, and let the blade do what it was made for. By the end you have one very "
            "fine onion and a calmer evening.",
        ),
        ko=Text(
            "칼, 양파, 숨",
            "울지 않고, 서두르지 않고 양파 써는 법.",
            "두 번째 수업의 주인공은 칼을 쥐지 않은 손이에요. 손끝을 말고, 내리면서 숨을 내쉬고, 나머지는 "
            "칼날에 맡기세요. 다 보고 나면 곱게 썬 양파 하나와 조금 더 차분한 저녁이 남아요.",
        ),
        own=_LESSON_OWN,
        rent=_LESSON_RENT,
    ),
    Film(
        slug="rice-without-a-clock",
        media_content_key="p9Sotb2K",
        released_year=2025,
        age_rating="0+",
        audio_languages=("ko", "en"),
        en=Text(
            "Rice Without a Clock",
            "Listen to the pot. It tells you when.",
            "Timers are for people who cannot hear. Rice crackles, sighs, and then goes quiet, and the "
            "third sound is supper. The last lesson of the course, and the one that students write home "
            "about.",
        ),
        ko=Text(
            "시계 없이 짓는 밥",
            "때가 되면 솥이 말해 줘요.",
            "타이머는 소리를 듣지 않을 때 쓰는 거예요. 밥은 타닥거리다 한숨을 쉬고, 이내 조용해져요. 그 세 "
            "번째 소리가 바로 저녁이에요. 수강생들이 집에 꼭 전화하게 된다는 마지막 수업이에요.",
        ),
        own=_LESSON_OWN,
        rent=_LESSON_RENT,
    ),
    Film(
        slug="the-2340-to-jeju",
        media_content_key="j2Ferr4Y",
        released_year=2024,
        age_rating="7+",
        audio_languages=("ko",),
        en=Text(
            "The 23:40 to Jeju",
            "Nobody on the night ferry is only going to an island.",
            "A bride with her dress in a bin bag, a lorry driver who always takes the same bench, a boy "
            "who wants to see where the lights end. Han Jiwoo rode the same crossing for forty nights and "
            "kept the moments when somebody looked up.",
        ),
        ko=Text(
            "23시 40분 제주행",
            "밤배를 탄 사람은 섬에만 가는 게 아니에요.",
            "드레스를 비닐봉지에 넣어 온 신부, 늘 같은 의자에 앉는 화물차 기사, 불빛이 어디서 끝나는지 "
            "보고 싶은 아이. 한지우 감독이 같은 배를 마흔 번 타며, 누군가 문득 고개를 든 순간들을 모았어요.",
        ),
        own=_OWN,
        rent=_RENT,
        trailer_key="tR2340jj",
    ),
    Film(
        slug="lighthouse-unmanned",
        media_content_key="w5Lamp7X",
        released_year=2024,
        age_rating="0+",
        audio_languages=("ko", "en"),
        en=Text(
            "Lighthouse, Unmanned",
            "The last keeper teaches a machine to keep.",
            "After thirty-one winters on the rock, Oh Mansu spends his final shift explaining the lamp to "
            "the box that replaces him. It blinks when he says it should. He says goodnight to it anyway.",
        ),
        ko=Text(
            "무인 등대",
            "마지막 등대지기가 기계에게 일을 가르쳐요.",
            "바위섬에서 서른한 번의 겨울을 보낸 오만수 씨. 마지막 근무 날, 자기 자리를 대신할 상자에게 "
            "등불을 설명해요. 상자는 시키는 대로 깜박이고, 그는 그래도 잘 자라고 인사해요.",
        ),
        own=_OWN,
        rent=_RENT,
    ),
    Film(
        slug="what-the-harbour-hears",
        media_content_key="h8Wave1D",
        released_year=2025,
        age_rating="0+",
        audio_languages=(),
        en=Text(
            "What the Harbour Hears",
            "Put on headphones. The water has something to say.",
            "A sound recordist hangs a microphone under the pier and leaves it there for a year. "
            "Propellers, shrimp, rain from below, a wedding party on the quay. A film to watch with your "
            "eyes half closed.",
        ),
        ko=Text(
            "항구가 듣는 소리",
            "헤드폰을 쓰세요. 물이 할 말이 있대요.",
            "녹음가가 부두 아래에 마이크를 매달아 두고 한 해를 기다렸어요. 프로펠러와 새우, 물속에서 듣는 "
            "비, 선착장의 결혼 잔치. 눈을 반쯤 감고 보는 영화예요.",
        ),
        own=_OWN,
        rent=_RENT,
    ),
    Film(
        slug="the-projectionists-umbrella",
        media_content_key="u4Rain6B",
        released_year=2023,
        age_rating="12+",
        audio_languages=("en", "ko"),
        en=Text(
            "The Projectionist’s Umbrella",
            "It has begun to rain, but only inside the cinema.",
            "Every evening at the second reel a shower falls on row F. Nobody leaves. When the roof turns "
            "out to be dry, the projectionist goes looking for the film that the rain belongs to.",
        ),
        ko=Text(
            "영사기사의 우산",
            "비가 내리기 시작했어요. 극장 안에만요.",
            "매일 저녁 두 번째 릴이 돌면 F열에 소나기가 내려요. 아무도 자리를 뜨지 않아요. 지붕이 "
            "멀쩡하다는 걸 안 영사기사는, 그 비가 원래 내리던 영화를 찾아 나서요.",
        ),
        own=_OWN,
        rent=_RENT,
    ),
    Film(
        slug="left-at-the-moon",
        media_content_key="m6Taxi9C",
        released_year=2023,
        age_rating="12+",
        audio_languages=("en",),
        en=Text(
            "Left at the Moon",
            "The last fare of the night knows the way. It is not on the map.",
            "A taxi driver in his final week picks up a passenger with no luggage and very exact "
            "directions. Left at the moon, then straight on until the radio stops. The meter is running, "
            "backwards.",
        ),
        ko=Text(
            "달에서 좌회전",
            "마지막 손님은 길을 알아요. 지도에 없는 길을요.",
            "은퇴를 한 주 앞둔 택시 기사가 짐 하나 없이 길만은 정확히 아는 손님을 태워요. 달에서 좌회전, "
            "라디오가 멎을 때까지 직진. 미터기는 돌아가요. 거꾸로요.",
        ),
        own=_OWN,
        rent=_RENT,
    ),
    Film(
        slug="a-letter-to-room-9",
        media_content_key="r1Mail5Z",
        released_year=2024,
        age_rating="12+",
        audio_languages=("en", "ko"),
        en=Text(
            "A Letter to Room 9",
            "The hotel has eight rooms. The post keeps coming.",
            "The night porter has sorted mail for a room that does not exist since before he was born. "
            "Tonight the envelope is damp, it is addressed in his own hand, and somebody upstairs has rung "
            "for it.",
        ),
        ko=Text(
            "9호실로 온 편지",
            "이 호텔 객실은 여덟 개뿐이에요. 그런데 편지는 계속 와요.",
            "없는 방 앞으로 온 우편물을 정리하는 게 야간 접수원의 일이에요. 그가 태어나기 전부터 그랬어요. "
            "오늘 밤 봉투는 젖어 있고, 자기 글씨로 적혀 있고, 위층에서 누군가 벨을 눌렀어요.",
        ),
        own=_OWN,
        rent=_RENT,
    ),
    Film(
        slug="noon-everywhere",
        media_content_key="n0Noon24",
        released_year=2026,
        age_rating="0+",
        audio_languages=(),
        en=Text(
            "Noon, Everywhere",
            "Twenty-four cities at noon, one second each.",
            "On the longest day of the year, twenty-four people who had never met held up a camera at the "
            "moment their own sun stood highest. Cut together in the order the light arrived, their "
            "seconds make one noon that goes all the way round. You will want to see it twice: once for "
            "the light, and once for the people who notice the camera.",
        ),
        ko=Text(
            "어디나 정오",
            "스물네 도시의 정오를 1초씩 이어 붙였어요.",
            "한 해에서 낮이 가장 긴 날, 서로 모르는 스물네 사람이 자기 도시의 해가 가장 높이 뜬 순간에 "
            "카메라를 들었어요. 빛이 도착한 순서대로 이어 붙인 1초들은 지구를 한 바퀴 도는 하나의 정오가 "
            "돼요. 한 번은 빛을, 또 한 번은 카메라를 알아챈 사람들을 보려고 두 번 보게 될 거예요.",
        ),
        own=_OWN,
        rent=_RENT,
        preview_seconds=6,
        chapters=(
            (0, "Eleven fifty-nine", "열한 시 오십구 분"),
            (8, "The bell of every town", "온 동네의 종소리"),
            (16, "Shadows go home", "그림자는 집으로"),
        ),
    ),
)
