"""A course, a series and a bundle of the sample shop's films."""

from dataclasses import dataclass
from typing import Final

from videos.sample_shop.films import FILMS, Prices


@dataclass(frozen=True)
class Words:
    title: str
    description: str


@dataclass(frozen=True)
class FilmSet:
    slug: str
    kind: str
    films: tuple[str, ...]
    en: Words
    ko: Words
    own: Prices | None = None
    rent: Prices | None = None
    monthly: Prices | None = None
    yearly: Prices | None = None


COLLECTIONS: Final = (
    FilmSet(
        slug="night-ferries",
        kind="series",
        films=("the-2340-to-jeju", "lighthouse-unmanned", "what-the-harbour-hears"),
        en=Words(
            "Night Ferries",
            "Three documentaries about people who work while the coast is asleep: a ferry, a lamp, and a "
            "microphone under a pier. Shot without a crew and without a single added light.",
        ),
        ko=Words(
            "밤배",
            "해안이 잠든 사이에 일하는 사람들을 담은 다큐멘터리 세 편이에요. 배 한 척, 등불 하나, 부두 "
            "아래 마이크 하나. 제작진도, 더한 조명도 없이 찍었어요.",
        ),
        own={"usd": 1790, "eur": 1790, "krw": 22900, "jpy": 2700},
        rent={"usd": 890, "eur": 890, "krw": 11900, "jpy": 1400},
    ),
    FilmSet(
        slug="the-quiet-kitchen",
        kind="course",
        films=("first-the-stock", "knife-onion-breath", "rice-without-a-clock"),
        en=Words(
            "The Quiet Kitchen",
            "A cooking course with almost no words. Three lessons, one gesture each, taught by ear: stock, "
            "knife, rice. New lessons are added and belong to you without paying again.",
        ),
        ko=Words(
            "조용한 부엌",
            "말이 거의 없는 요리 수업이에요. 육수, 칼, 밥. 세 번의 수업에서 한 동작씩, 귀로 배워요. 새로 "
            "더해지는 수업도 추가 결제 없이 내 것이에요.",
        ),
        own={"usd": 1390, "eur": 1390, "krw": 17900, "jpy": 2100},
    ),
    FilmSet(
        slug="small-fictions",
        kind="bundle",
        films=("the-projectionists-umbrella", "left-at-the-moon", "a-letter-to-room-9"),
        en=Words(
            "Small Fictions",
            "Three short stories in which something small is slightly wrong: the weather, the map, the "
            "number on a door. Best seen in one sitting, with the lamp off.",
        ),
        ko=Words(
            "작은 허구들",
            "날씨, 지도, 문패의 숫자. 작은 무언가가 조금 어긋난 세 편의 짧은 이야기예요. 불을 끄고 "
            "한자리에서 이어 보면 가장 좋아요.",
        ),
        own={"usd": 1790, "eur": 1790, "krw": 22900, "jpy": 2700},
        rent={"usd": 890, "eur": 890, "krw": 11900, "jpy": 1400},
    ),
    FilmSet(
        slug="the-noon-club",
        kind="bundle",
        films=tuple(film.slug for film in reversed(FILMS)),
        en=Words(
            "The Noon Club",
            "Every film in the house for as long as you are a member, and each new one from the day it "
            "comes. Monthly or yearly, and it is joined in this page.",
        ),
        ko=Words(
            "정오 클럽",
            "멤버인 동안 극장의 모든 영화를 볼 수 있어요. 새 영화도 들어오는 날부터 바로 볼 수 있어요. "
            "월간이나 연간으로, 이 페이지에서 가입해요.",
        ),
        monthly={"usd": 690, "eur": 690, "krw": 8900, "jpy": 990},
        yearly={"usd": 6900, "eur": 6900, "krw": 89000, "jpy": 9900},
    ),
)
