import pytest

from accounts.sweeping import one_by_one


def test_each_row_has_its_turn_before_what_went_wrong_is_raised() -> None:
    done = []

    def halve(row: int) -> int:
        done.append(12 // row)
        return 1

    with pytest.raises(ZeroDivisionError):
        one_by_one([1, 0, 2], halve)
    with pytest.raises(ExceptionGroup) as several:
        one_by_one([0, 3, 0], halve)

    assert done == [12, 6, 4]
    assert len(several.value.exceptions) == 2
    assert one_by_one([4, 6], halve) == 2
