"""What the player says to the viewer for each error code, in the two languages of the shop."""

from sandbox.kollus.error_codes import CALLBACK_FAILURES, DOWNLOAD_CALLBACK_FAILURES

_UNREACHABLE = 10000
_OTHER = 0
_FAILURES = {*CALLBACK_FAILURES, *DOWNLOAD_CALLBACK_FAILURES}

_EN = {
    _OTHER: "The film cannot be played.",
    _UNREACHABLE: "The shop could not be reached.",
    1000: "Kollus Player is not running on this device.",
    1001: "This browser cannot play the film.",
    1003: "An external display is connected.",
    1017: "The film could not be read. Reload the page.",
    1019: "This film does not play in a virtual machine.",
    3000: "The player lost its connection.",
    4001: "This link names no film.",
    4002: "This account cannot play films yet.",
    4004: "This link belongs to no account.",
    4007: "This link is not valid.",
    4012: "This film is not here.",
    4020: "There is no film after the intro.",
    4082: "This link belongs to another account.",
    4083: "This link names no film.",
    4085: "This link has expired. Reload the page.",
    7000: "The licence has run out.",
    7101: "The licence server does not answer.",
    7102: "The licence was refused.",
    7108: "This browser cannot play protected films.",
    8464: "Too many devices are registered.",
    8479: "This film is playing elsewhere.",
    8643: "The copy on this device has passed its day.",
    8644: "The copy on this device has been played as often as it may.",
    8650: "This film cannot be kept on a device.",
    8655: "The shop does not allow this download.",
    8657: "The shop does not allow this copy.",
    8658: "The copy on this device has been ended.",
    8680: "The copy on this device has been taken back.",
    8670: "The shop did not confirm this purchase.",
    8671: "The shop's answer cannot be verified.",
    8672: "The shop's answer cannot be read.",
    8673: "The shop does not allow this film.",
    8674: "The time to watch this film is over.",
    8675: "The shop does not allow this film.",
    8686: "All the time to watch is used up.",
}

_KO = {
    _OTHER: "재생할 수 없어요.",
    _UNREACHABLE: "판매처에 연결하지 못했어요.",
    1000: "Kollus 플레이어가 실행되고 있지 않아요.",
    1001: "이 브라우저에서는 재생할 수 없어요.",
    1003: "외부 화면이 연결되어 있어요.",
    1017: "영상을 읽지 못했어요. 새로고침해 주세요.",
    1019: "가상 머신에서는 재생할 수 없어요.",
    3000: "플레이어의 연결이 끊어졌어요.",
    4001: "잘못된 영상 주소예요.",
    4002: "아직 재생할 수 없는 계정이에요.",
    4004: "계정을 확인할 수 없는 주소예요.",
    4007: "올바르지 않은 주소예요.",
    4012: "영상을 찾을 수 없어요.",
    4020: "본편 영상이 없어요.",
    4082: "다른 계정의 주소예요.",
    4083: "영상이 지정되지 않은 주소예요.",
    4085: "주소가 만료됐어요. 새로고침해 주세요.",
    7000: "라이선스가 만료됐어요.",
    7101: "라이선스 서버가 응답하지 않아요.",
    7102: "라이선스가 거부됐어요.",
    7108: "보호된 영상을 재생할 수 없는 브라우저예요.",
    8464: "등록할 수 있는 기기 수를 넘었어요.",
    8479: "다른 기기에서 재생하고 있어요.",
    8643: "기기에 저장한 영상의 기간이 끝났어요.",
    8644: "기기에 저장한 영상을 볼 수 있는 횟수를 모두 썼어요.",
    8650: "기기에 저장할 수 없는 영상이에요.",
    8655: "다운로드가 허용되지 않았어요.",
    8657: "저장한 영상의 재생이 허용되지 않았어요.",
    8658: "저장한 영상의 이용이 끝났어요.",
    8680: "저장한 영상이 회수됐어요.",
    8670: "구매를 확인하지 못했어요.",
    8671: "판매처의 응답을 확인할 수 없어요.",
    8672: "판매처의 응답을 읽을 수 없어요.",
    8673: "재생이 허용되지 않았어요.",
    8674: "시청 기간이 끝났어요.",
    8675: "재생이 허용되지 않았어요.",
    8686: "시청할 수 있는 시간을 모두 썼어요.",
}


def sentence(code: int, language: str) -> str:
    """Return what the player says for the code, in `ko` or else in English."""
    said = _KO if language == "ko" else _EN
    return said.get(code) or said[_UNREACHABLE if code in _FAILURES else _OTHER]
