"""Every number that a player can say has a sentence for its cause, in both languages, and one thing to do."""

from collections import Counter
from itertools import chain

import pytest
from django.utils import translation

from videos.kollus import player_errors

# As the table of Kollus' player generator lists them; the families of calls to our callbacks by hundreds.
DOCUMENTED = {
    *("404", "409", "604"),
    *("1000", "1001", "1002", "1003", "1004", "1005", "1007", "1011", "1012", "1014", "1016", "1017", "1018"),
    *("1019", "1020", "1022", "2001"),
    *("3000", "3001", "3002", "3003", "3004", "3005", "3006", "3007", "3008", "3012", "3013", "3015"),
    *("4001", "4002", "4003", "4004", "4005", "4006", "4007", "4008", "4011", "4012", "4013", "4014", "4015"),
    *("4016", "4019", "4020", "4021", "4022", "4023", "4024", "4025", "4026", "4031", "4032", "4081", "4082"),
    *("4083", "4084", "4085"),
    *("7000", "7001", "7002", "7028", "7101", "7102", "7103", "7104", "7105", "7106", "7107", "7108", "7109"),
    *("8006", "8007", "8018", "8028", "8035", "8056", "8066"),
    *("8400", "8401", "8402", "8403", "8404"),
    *(str(code) for code in range(8461, 8483)),
    *(str(code) for code in range(8500, 8506)),
    *(str(code) for code in range(8600, 8637)),
    *("8643", "8644", "8650", "8651", "8655", "8656", "8657", "8658", "8664", "8670", "8671", "8672", "8673"),
    *(
        "8674",
        "8675",
        "8680",
        "8681",
        "8682",
        "8683",
        "8686",
        "8687",
        "8803",
        "8804",
        "8900",
        "9000",
        "57208",
    ),
    *("90xx", "94xx", "95xx", "100xx", "104xx", "105xx"),
}
TABLE = player_errors.sentences()


def test_every_documented_code_is_in_the_table_once() -> None:
    listed = Counter(chain.from_iterable(error.codes for error in TABLE))

    assert set(listed) == DOCUMENTED
    assert max(listed.values()) == 1


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_two_causes_share_a_sentence(language: str) -> None:
    with translation.override(language):
        said = Counter(str(error.sentence) for error in TABLE)

    assert [sentence for sentence, times in said.items() if times > 1] == []


def test_every_sentence_is_said_in_korean() -> None:
    with translation.override("ko"):
        korean = [str(error.sentence) for error in TABLE]
    with translation.override("en"):
        english = [str(error.sentence) for error in TABLE]

    assert not set(korean) & set(english)


def test_what_has_no_remedy_says_why() -> None:
    assert [error.codes for error in TABLE if (error.remedy == "write") != bool(error.why_no_remedy)] == []
