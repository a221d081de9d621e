"""The player's few words, in the two languages of the shop."""

_TEXTS = {
    "en": {
        "play": "Play",
        "pause": "Pause",
        "seek": "Position in the film",
        "mute": "Mute",
        "unmute": "Unmute",
        "volume": "Volume",
        "speed": "Speed",
        "fullscreen": "Full screen",
        "windowed": "Leave full screen",
        "of": "of",
        "resume": "Continue from",
        "restart": "From the start",
        "error": "This film cannot be played",
        "code": "Code",
        "downloads": "Downloads",
        "film": "Film",
        "until": "Until",
        "plays_left": "Plays left",
        "renew": "Renew",
        "plays": "The shop was asked, and the copy plays.",
        "renewed": "The shop was asked, and the copy is renewed.",
        "gone": "Cannot be played any more",
        "none_kept": "No film is kept on a device.",
    },
    "ko": {
        "play": "재생",
        "pause": "일시정지",
        "seek": "재생 위치",
        "mute": "음소거",
        "unmute": "음소거 해제",
        "volume": "음량",
        "speed": "재생 속도",
        "fullscreen": "전체 화면",
        "windowed": "전체 화면 끝내기",
        "of": "/",
        "resume": "이어보기",
        "restart": "처음부터",
        "error": "재생할 수 없어요",
        "code": "코드",
        "downloads": "다운로드",
        "film": "영화",
        "until": "기한",
        "plays_left": "남은 재생 횟수",
        "renew": "갱신",
        "plays": "판매처에 확인했고, 사본을 재생해요.",
        "renewed": "판매처에 확인했고, 사본을 갱신했어요.",
        "gone": "더는 재생할 수 없어요",
        "none_kept": "기기에 보관한 영화가 없어요.",
    },
}


def texts(language: str) -> dict[str, str]:
    """Return the words in `ko` or else in English."""
    return _TEXTS.get(language, _TEXTS["en"])
